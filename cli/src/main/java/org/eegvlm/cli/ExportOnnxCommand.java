package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.onnx.OnnxExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export-onnx",
        description = "Writes a vision module as ONNX beside its weights, and compares what both make of pictures.",
        footer = {
            "%nExamples:",
            "  eegvlm export-onnx --vision runs/vision",
            "  eegvlm export-onnx --vision runs/convnext --overwrite"
        })
final class ExportOnnxCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--vision",
            defaultValue = "runs/vision",
            description = "Folder of the vision module (${DEFAULT-VALUE}).")
    private Path vision = Path.of("");

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        double difference = OnnxExport.run(vision, FeatureExtractor.card(vision).network(), overwrite);
        terminal.print(
                "%s; ONNX Runtime differs by %.0e of the largest number at most",
                vision.resolve(OnnxExport.FILE), difference);
        return ExitCode.GOOD;
    }
}
