package org.eegvlm.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;

/** What weights a layer has: Deeplearning4j's words and PyTorch's, in PyTorch's order, and how their shapes differ. */
enum LayerKind {
    /** [to, from, side, side] in both. */
    CONVOLUTION("W", "weight", "b", "bias"),
    /** A linear layer over the channels of each pixel: [to, from, 1, 1] here. */
    PIXELWISE("W", "weight", "b", "bias") {
        @Override
        long[] torchShape(long[] shape) {
            return new long[] {shape[0], shape[1]};
        }
    },
    /** [side, side, channels, 1] here, [channels, 1, side, side] there. */
    DEPTHWISE("W", "weight", "b", "bias") {
        @Override
        long[] torchShape(long[] shape) {
            return new long[] {shape[2], shape[3], shape[0], shape[1]};
        }
    },
    /** [from, to] in Fortran order here, which is [to, from] in C order. */
    LINEAR("W", "weight", "b", "bias") {
        @Override
        long[] torchShape(long[] shape) {
            return new long[] {shape[1], shape[0]};
        }
    },
    BATCH_NORM("gamma", "weight", "beta", "bias", "mean", "running_mean", "var", "running_var"),
    LAYER_NORM("weight", "weight", "bias", "bias"),
    LAYER_SCALE("gamma", "gamma");

    private final Map<String, String> words = new LinkedHashMap<>();

    LayerKind(String... words) {
        for (int i = 0; i < words.length; i += 2) {
            this.words.put(words[i], words[i + 1]);
        }
    }

    Map<String, String> words() {
        return words;
    }

    /** Of the weight that has more than one number a channel. */
    long[] torchShape(long[] shape) {
        return shape;
    }
}
