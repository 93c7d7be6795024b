package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.eegvlm.vision.explain.ExplainConfig;
import org.eegvlm.vision.explain.ExplainRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        description = "Draws which seconds of an epoch the vision module decides by: it hides one after another.",
        footer = {
            "%nExamples:",
            "  eegvlm explain --vision runs/vision --output explanations",
            "  eegvlm explain --epochs SIM403E0-0017,SIM403E0-0018"
        })
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Mixin
    private EncoderOptions encoder = new EncoderOptions();

    @Option(
            names = "--output",
            defaultValue = "explanations",
            description = "Folder for the drawings, an SVG file each (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(names = "--epochs", split = ",", paramLabel = "ID", description = "Which epochs (some of each stage).")
    private List<String> epochs = List.of();

    @Option(names = "--per-stage", paramLabel = "N", description = "How many of each stage (2).")
    private int perStage = ExplainConfig.PER_STAGE;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var config = new ExplainConfig(
                manifest.path(),
                encoder.vision(),
                output,
                epochs,
                perStage,
                encoder.engine(),
                encoder.device(),
                overwrite);
        try (var progress = terminal.progress()) {
            int explained = new ExplainRun(config, progress).run();
            terminal.print("%d epochs explained in %s", explained, output);
        }
        return ExitCode.GOOD;
    }
}
