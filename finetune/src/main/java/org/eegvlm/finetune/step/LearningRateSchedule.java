package org.eegvlm.finetune.step;

import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.ScheduleConfig;

/**
 * The share of the learning rate that each step takes: a linear warm-up, then a decay, as transformers'
 * {@code get_scheduler} makes them. The first of several warm-up steps has a rate of 0.
 *
 * @param steps of the whole training
 * @param warmupSteps of these
 */
public record LearningRateSchedule(Decay decay, long steps, long warmupSteps) {

    /** That of the settings, fitted to the steps of the whole training. */
    public static LearningRateSchedule of(ScheduleConfig schedule, long steps) {
        long warmup =
                schedule.warmupSteps() > 0 ? schedule.warmupSteps() : (long) Math.ceil(schedule.warmupRatio() * steps);
        return new LearningRateSchedule(schedule.decay(), steps, schedule.decay() == Decay.CONSTANT ? 0 : warmup);
    }

    /** The share in a step, from 0. */
    public double factor(long step) {
        if (step < warmupSteps) {
            return (double) step / warmupSteps;
        }
        double after = Math.max(1, steps - warmupSteps);
        return switch (decay) {
            case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((step - warmupSteps) / after))));
            case LINEAR -> Math.max(0, (steps - step) / after);
            case CONSTANT, CONSTANT_WITH_WARMUP -> 1;
        };
    }
}
