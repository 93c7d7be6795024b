package org.eegvlm.cli;

import java.nio.file.Path;
import org.eegvlm.vision.engine.VisionEngine;
import picocli.CommandLine.Option;

/** Which trained vision module, and what computes it: the same words in every command that encodes pictures. */
final class EncoderOptions {

    @Option(
            names = "--vision",
            defaultValue = "runs/vision",
            description = "Folder of the vision module (${DEFAULT-VALUE}).")
    private Path vision = Path.of("");

    @Option(
            names = "--engine",
            defaultValue = VisionEngine.DEFAULT,
            description =
                    "What computes: djl, onnx after export-onnx, or dl4j where it was built in (${DEFAULT-VALUE}).")
    private String engine = "";

    @Option(names = "--device", defaultValue = "cpu", description = "cpu or cuda:N (${DEFAULT-VALUE}).")
    private String device = "";

    Path vision() {
        return vision;
    }

    String engine() {
        return engine;
    }

    String device() {
        return device;
    }
}
