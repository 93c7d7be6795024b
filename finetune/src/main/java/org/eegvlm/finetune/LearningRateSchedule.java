package org.eegvlm.finetune;

/**
 * The share of the learning rate that each step takes: a linear warm-up, then half a cosine down to 0, as in
 * transformers' {@code get_cosine_schedule_with_warmup}. The first of several warm-up steps has a rate of 0.
 *
 * @param steps of the whole training
 * @param warmupSteps of these
 */
record LearningRateSchedule(long steps, long warmupSteps) {

    static LearningRateSchedule of(long steps, double warmupRatio) {
        return new LearningRateSchedule(steps, (long) Math.ceil(warmupRatio * steps));
    }

    /** @param step from 0 */
    double factor(long step) {
        if (step < warmupSteps) {
            return (double) step / warmupSteps;
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
        return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
