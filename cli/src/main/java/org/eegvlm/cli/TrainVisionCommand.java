package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.vision.Picture;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionConfig;
import org.eegvlm.vision.VisionEngine;
import org.eegvlm.vision.VisionTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "train-vision",
        description = "Trains the vision module: from pictures of epochs to stages, on the train subjects only.",
        footer = {
            "%nExamples:",
            "  eegvlm train-vision --manifest sleep_data/epochs.jsonl --output runs/vision",
            "  eegvlm train-vision --passes 20 --picture-size 224 --device cuda:0"
        })
final class TrainVisionCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--manifest",
            defaultValue = "sleep_data/epochs.jsonl",
            description = "The manifest of epochs (${DEFAULT-VALUE}).")
    private Path manifest = Path.of("");

    @Option(names = "--output", defaultValue = "runs/vision", description = "Folder of the model (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(names = "--backbone", defaultValue = "resnet18", description = "The network (${DEFAULT-VALUE}).")
    private String backbone = "";

    @Option(names = "--engine", defaultValue = VisionEngine.DEFAULT, description = "What computes (${DEFAULT-VALUE}).")
    private String engine = "";

    @Option(names = "--picture-size", paramLabel = "PIXELS", description = "A side of what the network sees (112).")
    private int pictureSize = Picture.DEFAULT.size();

    @Option(names = "--passes", description = "Passes over the training epochs (6).")
    private int passes = Schedule.DEFAULT.passes();

    @Option(names = "--batch", description = "Pictures a step (32).")
    private int batch = Schedule.DEFAULT.batch();

    @Option(names = "--learning-rate", description = "At its peak (1e-3).")
    private double learningRate = Schedule.DEFAULT.learningRate();

    @Option(names = "--device", defaultValue = "cpu", description = "cpu or cuda:N (${DEFAULT-VALUE}).")
    private String device = "";

    @Option(names = "--seed", defaultValue = "0", description = "Decides first weights and order (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var schedule = Schedule.DEFAULT.withPasses(passes).withBatch(batch).withLearningRate(learningRate);
        var picture = Picture.DEFAULT.withSize(pictureSize);
        var config = new VisionConfig(manifest, output, engine, backbone, picture, schedule, seed, device, overwrite);
        try (var progress = terminal.progress()) {
            new VisionTraining(config, progress).run();
        }
        terminal.print("vision module in %s; its answers about the evaluation epochs in predictions.jsonl", output);
        return ExitCode.GOOD;
    }
}
