package org.eegvlm.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.kernels.Tensors;

/** One step of a training: the mean of its batches' gradients, not too long, moves the trainee. */
final class TrainingStep {

    private final OptimizerConfig optimizer;
    private final long seed;
    private final LearningRateSchedule schedule;
    private final Trainee trainee;
    private final Backpropagation backpropagation;

    /** @param steps of the whole training */
    TrainingStep(FineTuneConfig config, long steps, Trainee trainee, Backpropagation backpropagation) {
        this.optimizer = config.optimizer();
        this.seed = config.execution().seed();
        this.schedule = LearningRateSchedule.of(optimizer.schedule(), steps);
        this.trainee = trainee;
        this.backpropagation = backpropagation;
    }

    /**
     * @param step from 0
     * @param batches samples of the data, by index
     * @throws ArithmeticException naming the samples, if loss or gradient are no longer finite
     */
    LoggedStep take(long step, List<List<Integer>> batches) throws IOException {
        var sums = new ArrayList<NDArray>();
        try {
            double loss = 0;
            for (int i = 0; i < batches.size(); i++) {
                loss += accumulate(batches.get(i), Seeds.dropout(seed, step, i), sums) / batches.size();
                requireFinite("loss", loss, step, batches.get(i));
            }
            if (batches.size() > 1) {
                sums.forEach(sum -> sum.muli(1.0 / batches.size()));
            }
            var samples = batches.stream().flatMap(List::stream).toList();
            double norm = Tensors.clip(sums, longest());
            requireFinite("gradient's norm", norm, step, samples);
            double factor = schedule.factor(step);
            trainee.update(sums, factor);
            double rate = optimizer.learningRate() * factor;
            return new LoggedStep(step + 1, loss, rate, norm, backpropagation.tokens(samples));
        } finally {
            sums.forEach(NDArray::close);
        }
    }

    /** A gradient that nothing bounds is measured all the same. */
    private double longest() {
        return optimizer.maxGradNorm() > 0 ? optimizer.maxGradNorm() : Double.POSITIVE_INFINITY;
    }

    /** Adds a batch's gradients to the sums, which outlive the batch's other tensors; gives its loss. */
    private double accumulate(List<Integer> batch, long dropout, List<NDArray> sums) throws IOException {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var found = backpropagation.of(batch, dropout);
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
                    .formatted(step + 1, what, value, backpropagation.ids(batch)));
        }
    }
}
