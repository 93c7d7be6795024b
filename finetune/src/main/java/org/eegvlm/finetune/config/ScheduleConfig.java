package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

/**
 * How the rates go from step to step: they rise from 0 to their peaks, then decay.
 *
 * @param warmupRatio share of the steps in which they rise
 * @param warmupSteps how many steps those are, whatever the ratio says; 0 leaves it to the ratio
 */
public record ScheduleConfig(Decay decay, double warmupRatio, int warmupSteps) {

    public static final ScheduleConfig DEFAULT = new ScheduleConfig(Decay.COSINE, 0.03, 0);

    public ScheduleConfig {
        require(0 <= warmupRatio && warmupRatio <= 1, "the warm-up ratio must be in [0, 1], was " + warmupRatio);
        require(warmupSteps >= 0, "the number of warm-up steps must not be negative, was " + warmupSteps);
    }
}
