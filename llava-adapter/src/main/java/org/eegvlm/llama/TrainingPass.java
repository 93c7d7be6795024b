package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/**
 * What the layers must know of a batch on its way through them and back.
 *
 * <p>Its samples lie end to end: nothing is computed for padding. Each begins at position 0 and sees itself alone.
 *
 * @param lengths of the samples, in tokens
 * @param seed of this step; together with a layer's number it decides what is dropped
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingPass(long[] lengths, long seed) {

    public TrainingPass {
        require(Arrays.stream(lengths).allMatch(length -> length > 0), "a sample without a token cannot be learnt");
        lengths = lengths.clone();
    }

    /** Every row of x [B, T, H] is a sample. */
    public static TrainingPass ofRows(NDArray x, long seed) {
        var lengths = new long[Math.toIntExact(x.getShape().get(0))];
        Arrays.fill(lengths, x.getShape().get(1));
        return new TrainingPass(lengths, seed);
    }
}
