package org.eegvlm.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;

/** The steps from where a run stands to its end, with a checkpoint after every pass and every few steps. */
final class TrainingLoop {

    static final String LOSS_FILE = "loss.jsonl";

    private final FineTuneConfig config;
    private final BatchPlan plan;
    private final long steps;
    private final Trainee trainee;
    private final TrainingStep step;

    TrainingLoop(FineTuneConfig config, BatchPlan plan, Trainee trainee, Backpropagation backpropagation) {
        this.config = config;
        this.plan = plan;
        this.steps = steps(config, plan);
        this.trainee = trainee;
        this.step = new TrainingStep(config, steps, trainee, backpropagation);
    }

    static long steps(FineTuneConfig config, BatchPlan plan) {
        return config.batch().maxSteps().map(Integer::longValue).orElse(plan.steps());
    }

    /**
     * @param done the steps of earlier processes
     * @param baseModel how a checkpoint names the model it adapts
     * @return all steps
     */
    List<LoggedStep> run(List<LoggedStep> done, CheckpointFolders checkpoints, String baseModel, Progress progress)
            throws IOException {
        var log = new ArrayList<>(done);
        for (long number = log.size(); number < steps; number++) {
            var logged = step.take(number, plan.batches(number));
            log.add(logged);
            progress.at("fine-tuning", log.size(), steps, String.format(Locale.ROOT, "loss %.2f", logged.loss()));
            if (isCheckpoint(number)) {
                checkpoints.save(number + 1, folder -> save(folder, log, baseModel));
            }
        }
        return log;
    }

    private boolean isCheckpoint(long number) {
        return plan.endsPass(number) || config.saving().interval().endsWith(number, plan) || number + 1 == steps;
    }

    private void save(Path folder, List<LoggedStep> log, String baseModel) throws IOException {
        trainee.saveState(folder, baseModel);
        Json.writeLines(folder.resolve(LOSS_FILE), log);
    }
}
