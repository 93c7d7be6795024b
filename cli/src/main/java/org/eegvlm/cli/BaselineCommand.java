package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.baseline.BaselineConfig;
import org.eegvlm.core.baseline.BaselineMethod;
import org.eegvlm.core.baseline.Baselines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "baseline",
        description = "Answers for the evaluation epochs without any network: what a model has to beat.",
        footer = {
            "%nExamples:",
            "  eegvlm baseline --method bandpower",
            "  eegvlm baseline --method majority --answers-file runs/majority/predictions.jsonl"
        })
final class BaselineCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Option(
            names = "--method",
            defaultValue = "bandpower",
            description = "bandpower: logistic regression on log band powers; majority: the most frequent stage"
                    + " (${DEFAULT-VALUE}).")
    private BaselineMethod method = BaselineMethod.BANDPOWER;

    @Option(names = "--answers-file", description = "Where to write (runs/METHOD/predictions.jsonl).")
    private Optional<Path> answersFile = Optional.empty();

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var output = answersFile.orElse(Path.of("runs", method.label(), "predictions.jsonl"));
        try (var progress = terminal.progress()) {
            Baselines.run(new BaselineConfig(manifest.path(), output, method, overwrite), progress);
        }
        terminal.print("written to %s; 'eegvlm score --answers-file %s' compares it", output, output);
        return ExitCode.GOOD;
    }
}
