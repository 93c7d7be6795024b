package org.eegvlm.vision.engine;

import static org.eegvlm.core.Preconditions.require;

/**
 * How a network starts and moves.
 *
 * @param seed of the first weights
 * @param weightDecay of AdamW
 * @param averaging decay of the moving average of the weights that answers in their place; 0 for none
 * @param device {@code cpu} or {@code cuda:N}
 * @param atOnce pictures that go through the network at once, at most: a step with more takes them in parts of nearly equal
 *     size, and moves the weights once, by the gradient of all. Batch norm knows of its part alone
 */
public record LearnerConfig(long seed, double weightDecay, double averaging, String device, int atOnce) {

    public LearnerConfig {
        require(weightDecay >= 0, "weight decay must not be negative, was " + weightDecay);
        require(0 <= averaging && averaging < 1, "the averaging's decay must be in [0, 1), was " + averaging);
        require(atOnce > 0, "pictures at once must be positive, were " + atOnce);
    }

    /** All pictures of a step at once. */
    public LearnerConfig(long seed, double weightDecay, double averaging, String device) {
        this(seed, weightDecay, averaging, device, Integer.MAX_VALUE);
    }

    /** On the CPU, without weight decay. */
    public static LearnerConfig of(long seed) {
        return new LearnerConfig(seed, 0, 0, "cpu");
    }
}
