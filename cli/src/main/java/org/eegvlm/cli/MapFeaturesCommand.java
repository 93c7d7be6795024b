package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.eegvlm.features.FeatureMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "map-features",
        description = "Draws feature rows as dots in the colours of their stages, on the plane they differ most in.",
        footer = {
            "%nExamples:",
            "  eegvlm map-features --output features.svg",
            "  eegvlm map-features --features sleep_data/eval_high_level_features.npy --output eval.svg"
        })
final class MapFeaturesCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "FILE",
            description = "Feature files, a panel each (those beside the manifest).")
    private List<Path> features = List.of();

    @Option(names = "--output", defaultValue = "features.svg", description = "The drawing (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var files = features.isEmpty() ? FeatureMap.filesBeside(manifest.path()) : features;
        int drawn = FeatureMap.draw(manifest.path(), files, output, overwrite);
        terminal.print("%d rows in %s", drawn, output);
        return ExitCode.GOOD;
    }
}
