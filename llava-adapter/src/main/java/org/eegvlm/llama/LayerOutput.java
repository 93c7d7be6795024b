package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What comes out of one decoder layer in training.
 *
 * @param output [B, T, H]
 * @param inside what {@link LlamaDecoder#layerVjp} need not compute again, good for one way back: queries, keys and values,
 *     the attention with all that its own way back needs, the stream after it, both halves of the SwiGLU, and of every
 *     adapted projection its narrow product and what was dropped
 */
public record LayerOutput(NDArray output, List<NDArray> inside) {

    public LayerOutput {
        inside = List.copyOf(inside);
    }

    /** Gives up what is inside. */
    public LayerOutput alone() {
        inside.forEach(NDArray::close);
        return new LayerOutput(output, List.of());
    }
}
