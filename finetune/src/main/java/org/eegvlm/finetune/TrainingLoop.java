package org.eegvlm.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.kernels.Tensors;

/** The steps from where a run stands to its end, with a checkpoint after every pass and every few steps. */
final class TrainingLoop {

    static final String LOSS_FILE = "loss.jsonl";

    private final FineTuneConfig config;
    private final BatchPlan plan;
    private final LearningRateSchedule schedule;
    private final Trainee trainee;
    private final Backpropagation backpropagation;
    private final TrainingData data;

    TrainingLoop(
            FineTuneConfig config,
            BatchPlan plan,
            Trainee trainee,
            Backpropagation backpropagation,
            TrainingData data) {
        this.config = config;
        this.plan = plan;
        this.schedule = LearningRateSchedule.of(config.optimizer().schedule(), steps(config, plan));
        this.trainee = trainee;
        this.backpropagation = backpropagation;
        this.data = data;
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
        for (long step = log.size(); step < schedule.steps(); step++) {
            var logged = step(step);
            log.add(logged);
            progress.at(
                    "fine-tuning",
                    log.size(),
                    schedule.steps(),
                    String.format(Locale.ROOT, "loss %.2f", logged.loss()));
            if (isCheckpoint(step)) {
                checkpoints.save(step + 1, folder -> save(folder, log, baseModel));
            }
        }
        return log;
    }

    /** @param step from 0 */
    private LoggedStep step(long step) throws IOException {
        var batches = plan.batches(step);
        var sums = new ArrayList<NDArray>();
        try {
            double loss = 0;
            for (int i = 0; i < batches.size(); i++) {
                loss += accumulate(
                                batches.get(i), Seeds.dropout(config.execution().seed(), step, i), sums)
                        / batches.size();
                requireFinite("loss", loss, step, batches.get(i));
            }
            if (batches.size() > 1) {
                sums.forEach(sum -> sum.muli(1.0f / batches.size()));
            }
            if (config.optimizer().maxGradNorm() > 0) {
                double norm = Tensors.clip(sums, config.optimizer().maxGradNorm());
                requireFinite(
                        "gradient's norm",
                        norm,
                        step,
                        batches.stream().flatMap(List::stream).toList());
            }
            double factor = schedule.factor(step);
            trainee.update(sums, factor);
            return new LoggedStep(step + 1, loss, config.optimizer().learningRate() * factor);
        } finally {
            sums.forEach(NDArray::close);
        }
    }

    /** Adds a batch's gradients to the sums, which outlive the batch's other tensors; gives its loss. */
    private double accumulate(List<Integer> batch, long seed, List<NDArray> sums) throws IOException {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var found = backpropagation.of(batch, seed);
            if (sums.isEmpty()) {
                found.gradients().forEach(NDScope::unregister);
                sums.addAll(found.gradients());
            } else {
                for (int i = 0; i < sums.size(); i++) {
                    sums.get(i).addi(found.gradients().get(i));
                }
            }
            return found.loss();
        }
    }

    private void requireFinite(String what, double value, long step, List<Integer> batch) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("step %d: the %s is %s on samples %s; lower the learning rate or look at them"
                    .formatted(step + 1, what, value, data.ids(batch)));
        }
    }

    private boolean isCheckpoint(long step) {
        return plan.endsPass(step) || config.saving().interval().endsWith(step, plan) || step + 1 == schedule.steps();
    }

    private void save(Path folder, List<LoggedStep> log, String baseModel) throws IOException {
        trainee.saveState(folder, baseModel);
        Json.writeLines(folder.resolve(LOSS_FILE), log);
    }
}
