package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.vision.Augmentation;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FoldTraining;
import org.eegvlm.vision.Regularization;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.StageBalance;
import org.eegvlm.vision.VisionConfig;
import org.eegvlm.vision.VisionTraining;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.VisionEngine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "train-vision",
        description = "Trains the vision module: from pictures of epochs to stages, on the train subjects only.",
        footer = {
            "%nExamples:",
            "  eegvlm train-vision --manifest sleep_data/epochs.jsonl --output runs/vision",
            "  eegvlm train-vision --backbone convnext_tiny --weights convnext_tiny.safetensors --balance weights"
        })
final class TrainVisionCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ManifestOption manifest = new ManifestOption();

    @Option(names = "--output", defaultValue = "runs/vision", description = "Folder of the model (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(
            names = "--backbone",
            defaultValue = "resnet18",
            description = "resnet18, convnext_tiny, convnext_base, vit_small, vit_base, vim_tiny, "
                    + "or one's own (${DEFAULT-VALUE}).")
    private String backbone = "";

    @Option(names = "--engine", defaultValue = VisionEngine.DEFAULT, description = "What computes (${DEFAULT-VALUE}).")
    private String engine = "";

    @Mixin
    private LoadFlags load = new LoadFlags();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Safetensors of torchvision, timm or an own model that the backbone starts from.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--picture-size",
            paramLabel = "PIXELS",
            description = "A side of what the network sees (80; with --weights 224).")
    private Optional<Integer> pictureSize = Optional.empty();

    @Option(names = "--passes", description = "Passes over the training epochs, at most (8).")
    private int passes = Schedule.DEFAULT.passes();

    @Option(
            names = "--patience",
            description = "End after so many passes without a higher validation kappa (0: never).")
    private int patience = Schedule.DEFAULT.patience();

    @Option(names = "--batch", description = "Pictures a step (16).")
    private int batch = Schedule.DEFAULT.batch();

    @Option(names = "--learning-rate", description = "At its peak (1e-3; 2e-4 for a network without batch norm).")
    private Optional<Double> learningRate = Optional.empty();

    @Option(names = "--warmup", paramLabel = "SHARE", description = "Of all steps, before the cosine falls (0.1).")
    private double warmup = Schedule.DEFAULT.warmup();

    @Option(names = "--weight-decay", description = "Of AdamW (0.05).")
    private double weightDecay = Regularization.DEFAULT.weightDecay();

    @Option(names = "--label-smoothing", paramLabel = "SHARE", description = "Of certainty, to all stages alike (0.1).")
    private double labelSmoothing = Regularization.DEFAULT.labelSmoothing();

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description = "Answer with a moving average of the weights, such as 0.999 (0: with the weights).")
    private double averaging = Regularization.DEFAULT.averaging();

    @Option(
            names = "--balance",
            defaultValue = "none",
            description = "For rare stages: none, weights (of the loss) or sampling (${DEFAULT-VALUE}).")
    private String balance = "";

    @Option(
            names = "--augment",
            paramLabel = "LIST",
            defaultValue = "time-shift",
            description =
                    "Of time-shift, amplitude:SHARE, channel-drop:SHARE, noise:SHARE; or none (${DEFAULT-VALUE}).")
    private String augment = "";

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "Train K more, each without a K-th of the train subjects, for export-features --out-of-fold;"
                    + " not the folds of split.")
    private Optional<Integer> folds = Optional.empty();

    @Option(names = "--device", defaultValue = "cpu", description = "cpu or cuda:N (${DEFAULT-VALUE}).")
    private String device = "";

    @Option(names = "--seed", defaultValue = "0", description = "Decides first weights and order (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--overwrite",
            description =
                    "Replace a finished output, or an unfinished one that began at another --at-once or --threads.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var usual = weights.isPresent() ? Picture.IMAGENET : Picture.DEFAULT;
        var picture = usual.withSize(pictureSize.orElse(usual.size()));
        var execution = new Execution(engine, device, load.atOnce(), load.threads());
        var config = new VisionConfig(
                manifest.path(), output, backbone, weights, picture, schedule(), seed, execution, overwrite);
        try (var progress = terminal.progress()) {
            if (folds.isPresent()) {
                new FoldTraining(config, folds.get(), progress).run();
            } else {
                new VisionTraining(config, progress).run();
            }
        }
        terminal.print("vision module in %s; its answers about the evaluation epochs in predictions.jsonl", output);
        return ExitCode.GOOD;
    }

    private Schedule schedule() {
        var regularization = new Regularization(
                weightDecay, labelSmoothing, averaging, StageBalance.of(balance), Augmentation.of(augment));
        return new Schedule(passes, batch, learningRate, warmup, patience, regularization);
    }
}
