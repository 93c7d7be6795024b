package org.eegvlm.finetune;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.data.EvaluationData;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.finetune.output.RunWatch;
import org.eegvlm.finetune.output.SavedRun;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.finetune.step.Trainee;
import org.eegvlm.finetune.step.TrainingPictures;
import org.eegvlm.finetune.step.TrainingStep;
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

    public FineTuneRunner(FineTuneConfig config, Progress progress) {
        this(config, Surroundings.of(progress));
    }

    public FineTuneRunner(FineTuneConfig config, Surroundings surroundings) {
        this.config = config;
        this.surroundings = surroundings;
    }

    /**
     * @throws IllegalArgumentException if the output exists, a file is missing, or settings do not go together
     * @throws org.eegvlm.core.MalformedDataException if data, features and pictures do not fit each other or the model
     * @throws ArithmeticException if the loss is no longer a number
     * @throws MemoryShortage if a step does not fit into memory
     */
    public FineTuneReport run() throws IOException {
        var run = PlannedRun.read(config);
        try (var models = BaseModels.open(run.config())) {
            surroundings.towerCache().ifPresent(models::remember);
            var pictures = pictures(models, run.data());
            var validation = validation(models.first(), run.evaluation());
            run.start().begin();
            return train(run, models, pictures, validation);
        }
    }

    private FineTuneReport train(
            PlannedRun run, BaseModels models, List<TrainingPictures> pictures, Optional<Validation> validation)
            throws IOException {
        var settled = run.config();
        var data = run.data();
        var plan = run.plan();
        var from = run.start().checkpoint();
        var log = from.isPresent() ? TrainingLog.in(from.get()) : TrainingLog.empty();
        try (var trainee = Trainee.of(models.all(), settled, from);
                var watch = RunWatch.begin(settled, plan, log, surroundings.progress(), surroundings.clock())) {
            LOG.info(
                    "fine-tuning {} parameters on {} samples, {} steps, from step {}",
                    trainee.parameterCount(),
                    data.size(),
                    plan.steps(),
                    log.done());
            var step = TrainingStep.of(settled, plan.steps(), trainee, data, pictures);
            var saved = new SavedRun(settled, data, plan, run.start().record(), trainee);
            boolean finished = new TrainingRun(run, step, validation, saved, watch).run(log, surroundings.stop());
            if (finished) {
                saved.finish(log);
            }
            return FineTuneReport.of(settled.paths().output(), finished, data.size(), log.steps());
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
}
