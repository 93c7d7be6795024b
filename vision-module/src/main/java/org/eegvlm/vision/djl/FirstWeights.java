package org.eegvlm.vision.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The weights before the first step. */
final class FirstWeights {

    private static final double SMALL = 0.02;

    private FirstWeights() {}

    /** Draws one after the other, so that a seed gives the same weights. */
    static void draw(Map<String, Parameter> parameters, Backbone backbone, long seed) {
        var random = new SplittableRandom(seed);
        parameters.forEach((name, parameter) -> {
            var array = parameter.getArray();
            array.set(
                    StageBlock.isHead(name)
                            ? convolutional(name, array.getShape(), random)
                            : backbone.firstValues(name, array.getShape(), random));
        });
    }

    /**
     * Convolutions as He et al. 2015 (arXiv:1502.01852) have them, by fan-out, and linear layers as PyTorch does, both
     * uniform; batch norms at 1 and 0, but the last of each residual branch at 0, so that every block starts as its
     * shortcut (Goyal et al. 2017, arXiv:1706.02677).
     */
    static float[] convolutional(String name, Shape shape, RandomGenerator random) {
        int size = Math.toIntExact(shape.size());
        return switch (shape.dimension()) {
            case 4 -> uniform(random, size, Math.sqrt(6.0 / (shape.get(0) * shape.get(2) * shape.get(3))));
            case 2 -> uniform(random, size, 1 / Math.sqrt(shape.get(1)));
            default -> constant(size, startsAtOne(name) ? 1 : 0);
        };
    }

    /** Small normal weights, norms at 1 and 0, no bias: as BERT, ViT and ConvNeXt start. */
    static float[] transformer(String name, Shape shape, RandomGenerator random) {
        int size = Math.toIntExact(shape.size());
        if (shape.dimension() == 1) {
            return constant(size, name.endsWith("weight") ? 1 : 0);
        }
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (SMALL * random.nextGaussian());
        }
        return values;
    }

    /** A batch norm's scale and variance; biases, means and the last scale of a residual branch start at 0. */
    private static boolean startsAtOne(String name) {
        boolean lastOfBranch = name.startsWith("layer") && name.endsWith("bn2.weight");
        return name.endsWith("running_var") || name.endsWith("weight") && !lastOfBranch;
    }

    static float[] uniform(RandomGenerator random, int size, double bound) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    private static float[] constant(int size, float value) {
        var values = new float[size];
        Arrays.fill(values, value);
        return values;
    }
}
