package org.eegvlm.finetune.step;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.data.Seeds;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.kernels.Tensors;

/** One step of a training: the gradients of its batches' tokens, on average and not too long, move the trainee. */
public final class TrainingStep {

    private final OptimizerConfig optimizer;
    private final long seed;
    private final LearningRateSchedule schedule;
    private final Trainee trainee;
    private final Gradients gradients;
    private final TrainingData data;

    /** @param steps of the whole training */
    TrainingStep(FineTuneConfig config, long steps, Trainee trainee, Gradients gradients, TrainingData data) {
        this.optimizer = config.optimizer();
        this.seed = config.execution().seed();
        this.schedule = LearningRateSchedule.of(optimizer.schedule(), steps);
        this.trainee = trainee;
        this.gradients = gradients;
        this.data = data;
    }

    /**
     * Steps through the trainee's models.
     *
     * @param steps of the whole training
     * @param pictures for each of the models
     */
    public static TrainingStep of(
            FineTuneConfig config, long steps, Trainee trainee, TrainingData data, List<TrainingPictures> pictures) {
        boolean checkpointing = config.precision().checkpointing();
        var replicas = IntStream.range(0, pictures.size())
                .mapToObj(i -> new Backpropagation(trainee.models().get(i), data, pictures.get(i), checkpointing))
                .toList();
        var gradients = replicas.size() == 1 ? replicas.get(0) : new Replicas(replicas, trainee.copies());
        return new TrainingStep(config, steps, trainee, gradients, data);
    }

    /**
     * Takes a step.
     *
     * @param step from 0
     * @param batches samples of the data, by index
     * @throws ArithmeticException naming the samples, if loss or gradient are no longer finite
     */
    public LoggedStep take(long step, List<List<Integer>> batches) throws IOException {
        var samples = batches.stream().flatMap(List::stream).toList();
        try (var found = gradients(step, batches)) {
            var means = found.gradients();
            Tensors.scale(means, 1.0 / found.supervised());
            double norm = Tensors.clip(means, longest());
            if (!Double.isFinite(norm)) {
                throw new ArithmeticException(
                        "the gradient's norm is %s on samples %s; lower the learning rate or look at them"
                                .formatted(norm, data.ids(samples)));
            }
            double factor = schedule.factor(step);
            trainee.update(means, factor);
            double rate = optimizer.learningRate() * factor;
            return new LoggedStep(step + 1, found.meanLoss(), rate, norm, data.lengthOf(samples));
        } catch (ArithmeticException e) {
            var told = new ArithmeticException("step %d: %s".formatted(step + 1, e.getMessage()));
            told.initCause(e);
            throw told;
        }
    }

    private BatchGradients gradients(long step, List<List<Integer>> batches) throws IOException {
        return gradients.of(IntStream.range(0, batches.size())
                .mapToObj(i -> new TrainingBatch(batches.get(i), Seeds.dropout(seed, step, i)))
                .toList());
    }

    /** A gradient that nothing bounds is measured all the same. */
    private double longest() {
        return optimizer.maxGradNorm() > 0 ? optimizer.maxGradNorm() : Double.POSITIVE_INFINITY;
    }
}
