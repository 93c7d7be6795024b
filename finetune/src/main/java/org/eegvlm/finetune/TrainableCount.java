package org.eegvlm.finetune;

import org.eegvlm.llama.LlamaConfig;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import org.eegvlm.llava.ModelOutline;

/**
 * How many numbers a run trains.
 *
 * @param lora A and B of every target in every layer
 * @param projector two matrices with their biases
 */
record TrainableCount(long lora, long projector) {

    static TrainableCount of(LoraConfig lora, ModelOutline model) {
        var llama = model.llama();
        long perLayer = lora.targets().stream()
                .mapToLong(target -> (long) lora.rank() * (target.inputWidth(llama) + target.outputWidth(llama)))
                .sum();
        long width = model.featureWidth();
        long hidden = llama.hiddenSize();
        long projector = width == 0 ? 0 : (width + 1) * hidden + (hidden + 1) * hidden;
        return new TrainableCount(perLayer * llama.layers(), projector);
    }

    /** The weights of the projections of all layers, which may lie in four bits. */
    static long projections(LlamaConfig llama) {
        long perLayer = 0;
        for (var projection : Projection.values()) {
            perLayer += (long) projection.inputWidth(llama) * projection.outputWidth(llama);
        }
        return perLayer * llama.layers();
    }

    long total() {
        return lora + projector;
    }
}
