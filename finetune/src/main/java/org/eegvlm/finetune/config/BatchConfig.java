package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.util.Optional;

/**
 * How the samples go through.
 *
 * @param size samples whose activations are in memory at once
 * @param accumulation how many batches make a step
 * @param passes over the data; may be a fraction
 * @param maxSteps ends the training there, whatever {@code passes} says; the schedule fits itself to it
 * @param byModality whether a batch holds samples with pictures or without, and the batches of a step are about as long
 */
public record BatchConfig(int size, int accumulation, double passes, Optional<Integer> maxSteps, boolean byModality) {

    public static final BatchConfig DEFAULT = new BatchConfig(16, 1, 2, Optional.empty(), false);

    public BatchConfig {
        require(size > 0, "the batch size must be positive, was " + size);
        require(accumulation > 0, "the gradient accumulation must be positive, was " + accumulation);
        require(passes > 0, "the number of passes must be positive, was " + passes);
        require(maxSteps.orElse(1) > 0, "the number of steps must be positive, was " + maxSteps.orElse(0));
    }

    /** This many steps of the given size. */
    public static BatchConfig ofSteps(int size, int steps) {
        return new BatchConfig(size, 1, 1, Optional.of(steps), false);
    }

    /** This many passes. */
    public static BatchConfig ofPasses(int size, int accumulation, double passes) {
        return new BatchConfig(size, accumulation, passes, Optional.empty(), false);
    }
}
