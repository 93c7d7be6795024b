package org.eegvlm.finetune;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.Progress;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PromptTokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fine-tunes a LLaVA on EEG pictures and feature rows: LoRA on its decoder, and its projector; writes the adapter's
 * folder as PEFT and LLaVA do.
 *
 * <p>The base is only read. Killed at any time and started again, it goes on from its newest checkpoint and ends in the
 * same bytes as if it had never stopped; only TensorBoard's files tell the time of day.
 */
public final class FineTuneRunner {

    private static final Logger LOG = LoggerFactory.getLogger(FineTuneRunner.class);

    private final FineTuneConfig config;
    private final Surroundings surroundings;
    private final RunFolder folder;

    public FineTuneRunner(FineTuneConfig config, Progress progress) {
        this(config, Surroundings.of(progress));
    }

    public FineTuneRunner(FineTuneConfig config, Surroundings surroundings) {
        this.config = config;
        this.surroundings = surroundings;
        this.folder = new RunFolder(config.paths().output());
    }

    /**
     * @throws IllegalArgumentException if the output exists, a file is missing, or settings do not go together
     * @throws org.eegvlm.core.MalformedDataException if data, features and pictures do not fit each other or the model
     * @throws ArithmeticException if the loss is no longer a number
     * @throws MemoryShortage if a step does not fit into memory
     */
    public FineTuneReport run() throws IOException {
        var paths = config.paths();
        if (config.execution().overwrite()) {
            folder.requireReplaceable(inputs());
        } else {
            folder.requireFree();
        }
        requireStart();
        if (ModelFolder.isAdapter(paths.model())) {
            throw new IllegalArgumentException(paths.model()
                    + " is a LoRA folder; name the model it adapts, and the folder with --adapter-name-or-path");
        }
        try (var model = open()) {
            config.input()
                    .requireFits(model.takesPictures() ? Optional.of(model.config()) : Optional.empty(), paths.model());
            surroundings.towerCache().ifPresent(model::remember);
            var tokenizer =
                    new PromptTokenizer(model.tokenizer(), config.input().conversation());
            var data = TrainingData.load(config, tokenizer, limits(model));
            var validation = Validation.of(config, model, data, surroundings.progress());
            var record = RunRecord.of(config, data.pictures());
            begin(record);
            return train(model, data, validation, record);
        }
    }

    /** All that is read after the output was made ready; a checkpoint of its own is no input. */
    private List<Path> inputs() {
        var paths = config.paths();
        var start = config.execution().start();
        var foreign = start.checkpoint().filter(each -> !RunRecord.isOwn(each, paths.output()));
        var asked = config.evaluation().samples().stream().flatMap(SampleFiles::paths);
        return Stream.of(
                        Stream.of(paths.model()),
                        paths.samples().paths(),
                        asked,
                        start.adapter().stream(),
                        foreign.stream())
                .flatMap(each -> each)
                .filter(Files::exists) // what is missing is told where it is read
                .toList();
    }

    private LlavaModel open() throws IOException {
        try {
            return LlavaModel.open(config.paths().model(), Optional.empty(), config.load());
        } catch (RuntimeException | OutOfMemoryError e) {
            var shortage = MemoryShortage.opening(e, config);
            if (shortage.isPresent()) {
                throw shortage.get();
            }
            throw e;
        }
    }

    private void requireStart() throws IOException {
        var start = config.execution().start();
        if (start.checkpoint().isPresent()
                && !folder.wentBackTo(start.checkpoint().get())) {
            var checkpoint = start.checkpoint().get();
            require(
                    Files.exists(checkpoint.resolve(TrainingLog.STEPS)),
                    "%s is no checkpoint of a run: it has no %s",
                    checkpoint,
                    TrainingLog.STEPS);
        }
        if (start.mustResume()) {
            boolean any = Files.isDirectory(folder.path())
                    && folder.checkpoints().newest().isPresent();
            require(any, "%s has no checkpoint to go on from; leave out --resume to begin", folder.path());
        }
    }

    private void begin(RunRecord record) throws IOException {
        var own = config.execution().start().checkpoint().filter(each -> RunRecord.isOwn(each, folder.path()));
        if (own.isPresent()) {
            require(
                    record.isOf(folder.path()),
                    "%s was written with other settings or other inputs; to go on from it with these, give another --output-dir",
                    own.get());
            folder.goBackTo(own.get());
        }
        folder.begin(
                record,
                config.execution().overwrite(),
                config.execution().start().mustResume());
    }

    private TrainingData.Limits limits(LlavaModel model) {
        int maxLength = Math.min(config.input().maxLength(), model.longest());
        return new TrainingData.Limits(model.patches(), model.featureWidth(), maxLength);
    }

    private FineTuneReport train(LlavaModel model, TrainingData data, Optional<Validation> validation, RunRecord record)
            throws IOException {
        var pictures = new TrainingPictures(model, config.paths().samples().images());
        if (surroundings.towerCache().isPresent()) {
            pictures.prepare(data.pictures(), surroundings.progress());
        }
        var checkpoints = folder.checkpoints();
        var from = checkpoints.newest().or(() -> config.execution().start().checkpoint());
        var log = from.isPresent() ? TrainingLog.in(from.get()) : TrainingLog.empty();
        var plan = BatchPlan.of(config.batch(), data, config.execution().seed());
        try (var trainee = trainee(model, from);
                var watch = RunWatch.begin(folder.path(), config, plan, log, surroundings)) {
            LOG.info(
                    "fine-tuning {} parameters on {} samples, {} steps, from step {}",
                    trainee.parameterCount(),
                    data.size(),
                    TrainingRun.steps(config, plan),
                    log.done());
            var backpropagation = new Backpropagation(
                    model, data, pictures, config.precision().checkpointing());
            var step = new TrainingStep(config, TrainingRun.steps(config, plan), trainee, backpropagation);
            var base = baseSeenFrom(checkpoints.of(0));
            var files = new ModelFiles(config, data);
            var run = new TrainingRun(
                    config,
                    plan,
                    step,
                    validation,
                    checkpoints,
                    into -> {
                        trainee.saveState(into, base);
                        files.write(into);
                        record.write(into);
                    },
                    watch);
            boolean finished = run.run(log, surroundings.stop());
            if (finished) {
                finish(log, checkpoints);
            }
            return FineTuneReport.of(config.paths().output(), finished, data.size(), log.steps());
        }
    }

    private Trainee trainee(LlavaModel model, Optional<Path> from) throws IOException {
        if (from.isPresent()) {
            return Trainee.resumed(model, config, from.get());
        }
        var adapter = config.execution().start().adapter();
        return adapter.isPresent()
                ? Trainee.adapted(model, config, adapter.get())
                : Trainee.fresh(model, config, Seeds.weights(config.execution().seed()));
    }

    private void finish(TrainingLog log, CheckpointFolders checkpoints) throws IOException {
        var newest = checkpoints.newest().orElseThrow();
        var best = log.best(checkpoints).filter(each -> config.saving().best());
        var chosen = best.map(each -> checkpoints.of(each.step())).orElse(newest);
        folder.finish(chosen, newest, baseSeenFrom(folder.path()));
        if (config.saving().interval().equals(Interval.NEVER)) {
            checkpoints.keep(0, Optional.empty());
        }
    }

    /** Relative, so that an adapter finds its base when both are moved together. */
    private String baseSeenFrom(Path from) {
        var base = config.paths().model().toAbsolutePath().normalize();
        return from.toAbsolutePath().normalize().relativize(base).toString().replace('\\', '/');
    }
}
