package org.eegvlm.vision;

/**
 * How long and how fast to learn.
 *
 * @param passes over the training epochs
 * @param batch pictures a step
 * @param learningRate the highest; it rises over the first {@code warmup} of all steps and falls by half a cosine to 0
 * @param warmup share of all steps
 * @param weightDecay of AdamW
 * @param labelSmoothing the share of certainty given to all stages alike: scorers disagree, most of all on N1
 * @param augmentation what is done to the pictures learnt from
 */
public record Schedule(
        int passes,
        int batch,
        double learningRate,
        double warmup,
        double weightDecay,
        double labelSmoothing,
        Augmentation augmentation) {

    public static final Schedule DEFAULT = new Schedule(8, 16, 1e-3, 0.1, 0.05, 0.1, Augmentation.DEFAULT);

    public Schedule {
        Checks.require(passes > 0, "passes must be positive, were " + passes);
        Checks.require(batch > 1, "batch norm needs at least 2 pictures a batch, was " + batch);
        Checks.require(learningRate > 0, "learning rate must be positive, was " + learningRate);
        Checks.require(0 <= warmup && warmup < 1, "warm-up must be in [0, 1), was " + warmup);
        Checks.require(weightDecay >= 0, "weight decay must not be negative, was " + weightDecay);
        Checks.require(
                0 <= labelSmoothing && labelSmoothing < 1, "label smoothing must be in [0, 1), was " + labelSmoothing);
    }

    public Schedule withPasses(int count) {
        return new Schedule(count, batch, learningRate, warmup, weightDecay, labelSmoothing, augmentation);
    }

    public Schedule withBatch(int size) {
        return new Schedule(passes, size, learningRate, warmup, weightDecay, labelSmoothing, augmentation);
    }

    public Schedule withLearningRate(double rate) {
        return new Schedule(passes, batch, rate, warmup, weightDecay, labelSmoothing, augmentation);
    }

    public Schedule withAugmentation(Augmentation other) {
        return new Schedule(passes, batch, learningRate, warmup, weightDecay, labelSmoothing, other);
    }

    /** @param step from 0 */
    double rate(long step, long steps) {
        double done = (step + 1.0) / (steps + 1.0);
        if (done < warmup) {
            return learningRate * done / warmup;
        }
        return learningRate * 0.5 * (1 + Math.cos(Math.PI * (done - warmup) / (1 - warmup)));
    }
}
