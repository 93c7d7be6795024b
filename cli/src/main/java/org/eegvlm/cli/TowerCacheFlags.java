package org.eegvlm.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.llava.TowerCache;
import picocli.CommandLine.Option;

/** Where pictures are remembered, for every command that sees the same ones again. */
final class TowerCacheFlags {

    @Option(
            names = "--tower-cache",
            paramLabel = "FOLDER",
            description = "Keeps what the vision tower makes of pictures (~/.eegvlm/tower-cache).")
    private Path folder = TowerCache.userFolder();

    @Option(
            names = "--tower-cache-gib",
            defaultValue = "20",
            description = "What that folder may take on the disk; 0: keep nothing (${DEFAULT-VALUE}).")
    private double gibibytes;

    Optional<TowerCache> cache() {
        long bytes = (long) (gibibytes * (1 << 30));
        return bytes == 0 ? Optional.empty() : Optional.of(new TowerCache(folder, bytes));
    }
}
