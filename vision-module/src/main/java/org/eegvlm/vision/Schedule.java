package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;
import java.util.Optional;

/**
 * How long and how fast to learn.
 *
 * @param passes over the training epochs, at most
 * @param batch pictures a step
 * @param learningRate the highest; it rises over the first {@code warmup} of all steps and falls by half a cosine to 0.
 *     Empty until a network is known
 * @param warmup share of all steps
 * @param patience after how many passes without a higher validation κ it ends; 0 for never
 * @param regularization what keeps it from learning by heart
 */
public record Schedule(
        int passes,
        int batch,
        Optional<Double> learningRate,
        double warmup,
        int patience,
        Regularization regularization) {

    public static final Schedule DEFAULT = new Schedule(8, 16, Optional.empty(), 0.1, 0, Regularization.DEFAULT);

    private static final double WITH_BATCH_NORM = 1e-3;

    /** At 1e-3 a ConvNeXt-Tiny never left the majority answer (four folds of recorded sleep). */
    private static final double WITHOUT_BATCH_NORM = 2e-4;

    public Schedule {
        require(passes > 0, "passes must be positive, were " + passes);
        require(batch > 1, "batch norm needs at least 2 pictures a batch, was " + batch);
        learningRate.ifPresent(rate -> require(rate > 0, "learning rate must be positive, was " + rate));
        require(0 <= warmup && warmup < 1, "warm-up must be in [0, 1), was " + warmup);
        require(patience >= 0, "patience must not be negative, was " + patience);
    }

    public Schedule withPasses(int count) {
        return new Schedule(count, batch, learningRate, warmup, patience, regularization);
    }

    public Schedule withBatch(int size) {
        return new Schedule(passes, size, learningRate, warmup, patience, regularization);
    }

    public Schedule withLearningRate(double rate) {
        return new Schedule(passes, batch, Optional.of(rate), warmup, patience, regularization);
    }

    /** The same, with the usual learning rate if none was asked for. */
    Schedule suiting(boolean normsOverPictures) {
        return learningRate.isPresent()
                ? this
                : withLearningRate(normsOverPictures ? WITH_BATCH_NORM : WITHOUT_BATCH_NORM);
    }

    public Schedule withWarmup(double share) {
        return new Schedule(passes, batch, learningRate, share, patience, regularization);
    }

    public Schedule withPatience(int worsePasses) {
        return new Schedule(passes, batch, learningRate, warmup, worsePasses, regularization);
    }

    public Schedule withRegularization(Regularization other) {
        return new Schedule(passes, batch, learningRate, warmup, patience, other);
    }

    /** Of nearly equal size: a last one of a single picture would have no statistics for batch norm. */
    int steps(int epochs) {
        return Math.max(1, Math.round(epochs / (float) batch));
    }

    /** How many pictures the largest step of a pass has; some more than {@code batch}, unless that divides the epochs. */
    int largestStep(int epochs) {
        return (epochs - 1) / steps(epochs) + 1;
    }

    /** @param step from 0 */
    double rate(long step, long steps) {
        double done = (step + 1.0) / (steps + 1.0);
        double highest = learningRate.orElseThrow();
        if (done < warmup) {
            return highest * done / warmup;
        }
        return highest * 0.5 * (1 + Math.cos(Math.PI * (done - warmup) / (1 - warmup)));
    }

    /** Whether there is no pass to come, after these. */
    boolean ends(List<VisionMetrics.Pass> done) {
        if (done.size() >= passes || patience == 0) {
            return done.size() >= passes;
        }
        int best = 0;
        for (int i = 1; i < done.size(); i++) {
            if (kappa(done.get(i)) > kappa(done.get(best))) {
                best = i;
            }
        }
        return done.size() - 1 - best >= patience;
    }

    private static double kappa(VisionMetrics.Pass pass) {
        return pass.validationKappa().orElse((double) pass.pass()); // nobody validates: every pass is better
    }
}
