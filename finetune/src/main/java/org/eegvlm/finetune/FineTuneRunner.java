package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.Progress;
import org.eegvlm.llava.LlavaModel;
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
        var start = new RunStart(config);
        var run = PlannedRun.read(start);
        try (var models = BaseModels.open(run.config())) {
            surroundings.towerCache().ifPresent(models::remember);
            var pictures = pictures(models, run.data());
            var validation = validation(models.first(), run.evaluation());
            start.begin(run.record());
            return train(run, models, pictures, validation, start.checkpoint(run.record()));
        }
    }

    private FineTuneReport train(
            PlannedRun run,
            BaseModels models,
            List<TrainingPictures> pictures,
            Optional<Validation> validation,
            Optional<Path> from)
            throws IOException {
        var data = run.data();
        var checkpoints = folder.checkpoints();
        var log = from.isPresent() ? TrainingLog.in(from.get()) : TrainingLog.empty();
        try (var trainee = trainee(run.config(), models.all(), from);
                var watch = RunWatch.begin(run, log, surroundings)) {
            LOG.info(
                    "fine-tuning {} parameters on {} samples, {} steps, from step {}",
                    trainee.parameterCount(),
                    data.size(),
                    run.steps(),
                    log.done());
            var gradients = gradients(models, data, pictures, trainee);
            var step = new TrainingStep(config, run.steps(), trainee, gradients, data);
            var base = baseSeenFrom(checkpoints.of(0));
            var files = new ModelFiles(config, data);
            var training = new TrainingRun(
                    run,
                    step,
                    validation,
                    checkpoints,
                    into -> {
                        trainee.saveState(into, base);
                        files.write(into);
                        run.record().write(into);
                    },
                    watch);
            boolean finished = training.run(log, surroundings.stop());
            if (finished) {
                finish(log, checkpoints);
            }
            return FineTuneReport.of(folder.path(), finished, data.size(), log.steps());
        }
    }

    /** For each replica. */
    private List<TrainingPictures> pictures(BaseModels models, TrainingData data) throws IOException {
        var images = config.paths().samples().images();
        var pictures = models.all().stream()
                .map(model -> new TrainingPictures(model, images))
                .toList();
        prepare(pictures.get(0), data.pictures());
        return pictures;
    }

    private Optional<Validation> validation(LlavaModel model, Optional<EvaluationData> evaluation) throws IOException {
        if (evaluation.isPresent()) {
            var asked = evaluation.get();
            prepare(new TrainingPictures(model, asked.files().images()), asked.pictures());
        }
        return evaluation.map(asked -> new Validation(model, config, asked, surroundings.progress()));
    }

    /** A damaged picture is told now, not hours into the training; with a cache, the tower sees them all now. */
    private void prepare(TrainingPictures pictures, List<String> names) throws IOException {
        if (surroundings.towerCache().isPresent()) {
            pictures.encode(names, surroundings.progress());
        } else {
            pictures.requireReadable(names, surroundings.progress());
        }
    }

    private Gradients gradients(
            BaseModels models, TrainingData data, List<TrainingPictures> pictures, Trainee trainee) {
        boolean checkpointing = config.precision().checkpointing();
        var replicas = IntStream.range(0, pictures.size())
                .mapToObj(i -> new Backpropagation(models.all().get(i), data, pictures.get(i), checkpointing))
                .toList();
        return replicas.size() == 1 ? replicas.get(0) : new Replicas(replicas, trainee.copies());
    }

    private static Trainee trainee(FineTuneConfig config, List<LlavaModel> models, Optional<Path> from)
            throws IOException {
        if (from.isPresent()) {
            return Trainee.resumed(models, config, from.get());
        }
        var adapter = config.execution().start().adapter();
        return adapter.isPresent()
                ? Trainee.adapted(models, config, adapter.get())
                : Trainee.fresh(models, config, Seeds.weights(config.execution().seed()));
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
