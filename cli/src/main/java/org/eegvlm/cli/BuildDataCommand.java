package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.features.BuildConfig;
import org.eegvlm.features.DatasetBuild;
import org.eegvlm.features.PlaceholderSample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "build-data",
        description = "Writes the instruction data to learn from, and the questions to answer.",
        footer = {
            "%nExamples:",
            "  eegvlm build-data --manifest sleep_data/epochs.jsonl",
            "  eegvlm build-data --question \"Name the sleep stage of this epoch.\" --overwrite"
        })
final class BuildDataCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--manifest",
            defaultValue = "sleep_data/epochs.jsonl",
            description = "The manifest of epochs (${DEFAULT-VALUE}).")
    private Path manifest = Path.of("");

    @Option(names = "--output", description = "The data folder (where the manifest is).")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--question", description = "What is asked about each epoch (" + PlaceholderSample.QUESTION + ").")
    private String question = PlaceholderSample.QUESTION;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var folder = output.orElse(manifest.resolveSibling(""));
        try (var progress = terminal.progress()) {
            var report = new DatasetBuild(new BuildConfig(manifest, folder, question, overwrite), progress).run();
            terminal.print(
                    "%d samples in %s, %d questions in %s",
                    report.samples(),
                    folder.resolve(DatasetBuild.SAMPLES),
                    report.questions(),
                    folder.resolve(DatasetBuild.QUESTIONS));
        }
        return ExitCode.GOOD;
    }
}
