package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.check.CheckConfig;
import org.eegvlm.core.check.CheckReport;
import org.eegvlm.core.check.LeakageCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description = {
            "Looks for evaluation data in training: subjects, recordings and pictures in two splits, samples, questions "
                    + "and feature rows of the wrong one, models that have seen whom they are to be judged on.",
            "Ends with 0 where there is none, and with 3 where there is. A model that does not say whom it has seen is "
                    + "unknown."
        },
        footer = {
            "%nExamples:",
            "  eegvlm check --manifest sleep_data/epochs.jsonl",
            "  eegvlm check --vision runs/vision --model checkpoints/nano --json"
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Option(names = "--vision", paramLabel = "DIR", description = "A vision module to check too.")
    private Optional<Path> vision = Optional.empty();

    @Option(names = "--model", paramLabel = "DIR", description = "A fine-tuned model to check too.")
    private Optional<Path> model = Optional.empty();

    @Option(names = "--quick", description = "Believe the manifest's hashes instead of reading every picture.")
    private boolean quick;

    @Option(names = "--json", description = "Print one object of JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CheckReport report;
        try (var progress = terminal.progress()) {
            report = new LeakageCheck(new CheckConfig(manifest.path(), vision, model, !quick), progress).run();
        }
        if (json) {
            terminal.json(report);
        } else {
            report.checks().forEach(this::print);
        }
        return report.problems().isEmpty() ? ExitCode.GOOD : ExitCode.BAD_DATA;
    }

    private void print(CheckReport.Check check) {
        var state = switch (check.state()) {
            case GOOD -> "good";
            case BAD -> "BAD";
            case UNKNOWN -> "unknown";
        };
        terminal.print("%-4s %s: %s", state, check.what(), check.found());
        check.problems().forEach(problem -> terminal.print("       %s", problem));
    }
}
