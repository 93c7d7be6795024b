package org.eegvlm.vision;

/**
 * How a network starts and moves.
 *
 * @param seed of the first weights
 * @param weightDecay of AdamW
 * @param device {@code cpu} or {@code cuda:N}
 */
public record LearnerConfig(long seed, double weightDecay, String device) {

    public LearnerConfig {
        Checks.require(weightDecay >= 0, "weight decay must not be negative, was " + weightDecay);
    }

    /** On the CPU, without weight decay. */
    public static LearnerConfig of(long seed) {
        return new LearnerConfig(seed, 0, "cpu");
    }
}
