package org.eegvlm.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which epochs: the same words in every command that reads the manifest of a rendered data folder. */
final class ManifestOption {

    @Option(
            names = "--manifest",
            defaultValue = "sleep_data/epochs.jsonl",
            description = "The manifest of epochs (${DEFAULT-VALUE}).")
    private Path path = Path.of("");

    Path path() {
        return path;
    }
}
