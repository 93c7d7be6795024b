package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.features.ExportConfig;
import org.eegvlm.features.FeatureExport;
import org.eegvlm.vision.Execution;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export-features",
        description = "Encodes the pictures: a row of 1024 standardised numbers for each epoch.",
        footer = {
            "%nExamples:",
            "  eegvlm export-features --vision runs/vision --out-of-fold",
            "  eegvlm export-features --vision runs/vision --standardization-from checkpoints/nano"
        })
final class ExportFeaturesCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Mixin
    private EncoderOptions encoder = new EncoderOptions();

    @Mixin
    private LoadFlags load = new LoadFlags();

    @Option(names = "--output", description = "The data folder (where the manifest is).")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--standardization-from",
            paramLabel = "DIR|FILE",
            description = "A fine-tuned model or a sidecar to take the scale from (fitted on the train split).")
    private Optional<Path> standardizationFrom = Optional.empty();

    @Option(
            names = "--out-of-fold",
            description = "Rows of train subjects from fold models that have not seen them; see train-vision --folds.")
    private boolean outOfFold;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var folder = output.orElse(manifest.path().resolveSibling(""));
        var execution = new Execution(encoder.engine(), encoder.device(), load.atOnce(), load.threads());
        var fitted = new ExportConfig(manifest.path(), encoder.vision(), folder)
                .withExecution(execution)
                .withOutOfFold(outOfFold)
                .withOverwrite(overwrite);
        var config = standardizationFrom.map(fitted::withStandardizationFrom).orElse(fitted);
        try (var progress = terminal.progress()) {
            var report = new FeatureExport(config, progress).run();
            terminal.print(
                    "%d rows in %s, %d rows in %s",
                    report.trainRows(),
                    folder.resolve(FeatureExport.TRAIN_FEATURES),
                    report.evalRows(),
                    folder.resolve(FeatureExport.EVAL_FEATURES));
        }
        return ExitCode.GOOD;
    }
}
