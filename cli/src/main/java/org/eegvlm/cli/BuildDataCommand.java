package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.SleepStage;
import org.eegvlm.features.BuildConfig;
import org.eegvlm.features.BuildReport;
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
            "  eegvlm build-data --balance-strategy balanced --balance-alpha 0.5 --weight-method sqrt_inverse",
            "  eegvlm build-data --question \"Name the sleep stage of this epoch.\" --overwrite"
        })
final class BuildDataCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Option(names = "--output", description = "The data folder (where the manifest is).")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--question", description = "What is asked about each epoch (" + PlaceholderSample.QUESTION + ").")
    private String question = PlaceholderSample.QUESTION;

    @Mixin
    private BalanceFlags balance = new BalanceFlags();

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var folder = output.orElse(manifest.path().resolveSibling(""));
        balance.noteWhatIsInVain(terminal);
        var config = new BuildConfig(manifest.path(), folder)
                .withQuestion(question)
                .withBalance(balance.balance())
                .withOverwrite(overwrite);
        try (var progress = terminal.progress()) {
            print(new DatasetBuild(config, progress).run(), folder);
        }
        return ExitCode.GOOD;
    }

    private void print(BuildReport report, Path folder) {
        terminal.print(
                "%d samples in %s, %d questions in %s",
                report.samples(),
                folder.resolve(DatasetBuild.SAMPLES),
                report.questions(),
                folder.resolve(DatasetBuild.QUESTIONS));
        terminal.print("  train epochs   before    after");
        for (var stage : SleepStage.values()) {
            terminal.print(
                    "  %-10s   %8d %8d",
                    stage.label(), report.before().of(stage), report.after().of(stage));
        }
    }
}
