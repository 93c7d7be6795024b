package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What flows back out of one decoder layer.
 *
 * @param input gradient of the layer's input [B, T, H]
 * @param adapter gradients of the layer's LoRA tensors, in the order of {@link LoraAdapter#layer(int)}, fp32
 */
public record LayerGradient(NDArray input, List<NDArray> adapter) {

    public LayerGradient {
        adapter = List.copyOf(adapter);
    }
}
