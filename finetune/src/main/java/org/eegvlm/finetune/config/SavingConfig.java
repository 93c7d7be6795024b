package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.util.Optional;

/**
 * Which checkpoints are written and kept.
 *
 * @param totalLimit how many are kept: the newest, and besides them the best evaluated one; empty: all
 * @param best whether the run ends with the weights of its best evaluation instead of its last step
 */
public record SavingConfig(Interval interval, Optional<Integer> totalLimit, boolean best) {

    public static final SavingConfig DEFAULT = new SavingConfig(Interval.ofSteps(50), Optional.of(1), false);

    public SavingConfig {
        require(totalLimit.orElse(1) > 0, "the number of checkpoints must be positive, was " + totalLimit.orElse(0));
    }

    public SavingConfig withInterval(Interval newInterval) {
        return new SavingConfig(newInterval, totalLimit, best);
    }
}
