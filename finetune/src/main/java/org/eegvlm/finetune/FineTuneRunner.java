package org.eegvlm.finetune;

import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.llava.RgbImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fine-tunes a LLaVA on EEG pictures and feature rows: LoRA on its decoder, and its projector; writes the adapter's
 * folder as PEFT and LLaVA do.
 *
 * <p>The base is only read. Killed at any time and started again, it ends in the same bytes as if it had never stopped,
 * and repeats one pass over the data at most.
 */
public final class FineTuneRunner {

    private static final Logger LOG = LoggerFactory.getLogger(FineTuneRunner.class);

    private final FineTuneConfig config;
    private final Progress progress;

    public FineTuneRunner(FineTuneConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * @throws IllegalArgumentException if the output exists, a file is missing, or settings do not go together
     * @throws org.eegvlm.core.MalformedDataException if data, features and pictures do not fit each other or the model
     * @throws ArithmeticException if the loss is no longer a number
     */
    public FineTuneReport run() throws IOException {
        var paths = config.paths();
        requireFree(paths.output());
        if (Files.exists(paths.model().resolve(AdapterFolder.ADAPTER_CONFIG))) {
            throw new IllegalArgumentException(
                    paths.model() + " is a LoRA folder; fine-tune a model with full weights");
        }
        try (var model = LlavaModel.open(paths.model(), Optional.empty(), config.load())) {
            config.input().claims().requireTrueOf(model, paths.model());
            var tokenizer =
                    new PromptTokenizer(model.tokenizer(), config.input().conversation());
            var data = TrainingData.load(config, tokenizer, limits(model));
            var record = RunRecord.of(config, data.pictures());
            var output = Output.begin(paths.output(), config.execution().overwrite());
            record.begin(output.partial(), config.execution().overwrite());
            var folder = new AdapterFolder(output.partial(), config, data);
            if (!folder.isWritten()) {
                train(model, data, output, folder);
            }
            folder.removeWorkFiles();
            output.finish();
            return report(output.target(), data);
        }
    }

    /** Finds out before the model is read; an output that may be replaced stays until the inputs are checked. */
    private void requireFree(Path output) throws IOException {
        if (!config.execution().overwrite()) {
            Output.begin(output, false);
        }
    }

    private TrainingData.Limits limits(LlavaModel model) {
        int maxLength = Math.min(config.input().maxLength(), model.config().longest());
        return new TrainingData.Limits(model.tower().patches(), model.tower().width(), maxLength);
    }

    private void train(LlavaModel model, TrainingData data, Output output, AdapterFolder folder) throws IOException {
        var pictures = pictureFeatures(model, data, folder);
        var checkpoints = folder.checkpoints();
        var newest = checkpoints.newest();
        var batch = config.batch();
        long seed = config.execution().seed();
        var plan = new BatchPlan(data.size(), batch.size(), batch.accumulation(), batch.passes(), seed);
        try (var trainee = newest.isPresent()
                ? Trainee.resumed(model, config, newest.get())
                : Trainee.fresh(model, config, Seeds.weights(seed))) {
            var done = newest.isPresent()
                    ? Json.readLines(newest.get().resolve(TrainingLoop.LOSS_FILE), LoggedStep.class)
                    : List.<LoggedStep>of();
            LOG.info(
                    "fine-tuning {} parameters on {} samples, {} steps, from step {}",
                    trainee.parameterCount(),
                    data.size(),
                    TrainingLoop.steps(config, plan),
                    done.size());
            var backpropagation = new Backpropagation(model, data, pictures);
            var loop = new TrainingLoop(config, plan, trainee, backpropagation);
            var inCheckpoint = output.target().resolve("checkpoint");
            var log = loop.run(done, checkpoints, baseSeenFrom(inCheckpoint), progress);
            folder.write(trainee, plan, log, baseSeenFrom(output.target()));
        }
    }

    private PictureFeatures pictureFeatures(LlavaModel model, TrainingData data, AdapterFolder folder)
            throws IOException {
        var shape = new long[] {model.tower().patches(), model.tower().width()};
        return PictureFeatures.compute(
                folder.pictureFile(), data.pictures(), shape, pictures -> encode(model, pictures), progress);
    }

    private float[] encode(LlavaModel model, List<String> pictures) throws IOException {
        var images = new ArrayList<RgbImage>();
        for (var picture : pictures) {
            images.add(RgbImage.read(Inside.resolve(config.paths().samples().images(), picture)));
        }
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return Tensors.floats(model.towerFeatures(images));
        }
    }

    /** Relative, so that an adapter finds its base when both are moved together. */
    private String baseSeenFrom(Path folder) {
        return folder.relativize(config.paths().model().toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }

    private FineTuneReport report(Path output, TrainingData data) throws IOException {
        var log = Json.readLines(output.resolve(TrainingLoop.LOSS_FILE), LoggedStep.class);
        return new FineTuneReport(
                config.paths().output(),
                data.size(),
                log.size(),
                log.get(0).loss(),
                log.get(log.size() - 1).loss());
    }
}
