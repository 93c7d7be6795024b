package org.eegvlm.vision.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/** The weights before the first step, the same whichever engine takes it. */
public final class FirstWeights {

    private static final double SMALL = 0.02;
    private static final float FIRST_LAYER_SCALE = 1e-6f;

    private FirstWeights() {}

    /** What a backbone's weight starts from, by its name in the weights file and its shape. */
    @FunctionalInterface
    public interface Rule {
        float[] values(String name, long[] shape, RandomGenerator random);
    }

    /**
     * Draws one after the other, so that a seed gives the same weights; the head's as a convolutional network's.
     *
     * @param shapes of all weights, in the order of the network's layers
     */
    public static void draw(Map<String, long[]> shapes, Rule backbone, long seed, BiConsumer<String, float[]> taker) {
        var random = new SplittableRandom(seed);
        shapes.forEach((name, shape) -> {
            boolean head =
                    name.startsWith(NetworkConfig.PROJECTION + ".") || name.startsWith(NetworkConfig.CLASSIFIER + ".");
            taker.accept(name, head ? convolutional(name, shape, random) : backbone.values(name, shape, random));
        });
    }

    /**
     * Convolutions as He et al. 2015 (arXiv:1502.01852) have them, by fan-out, and linear layers as PyTorch does, both
     * uniform; batch norms at 1 and 0, but the last of each residual branch at 0, so that every block starts as its
     * shortcut (Goyal et al. 2017, arXiv:1706.02677).
     */
    public static float[] convolutional(String name, long[] shape, RandomGenerator random) {
        int size = size(shape);
        return switch (shape.length) {
            case 4 -> uniform(random, size, Math.sqrt(6.0 / (shape[0] * shape[2] * shape[3])));
            case 2 -> uniform(random, size, 1 / Math.sqrt(shape[1]));
            default -> constant(size, startsAtOne(name) ? 1 : 0);
        };
    }

    /** Small normal weights, norms at 1 and 0, no bias: as BERT, ViT and ConvNeXt start. */
    public static float[] transformer(String name, long[] shape, RandomGenerator random) {
        int size = size(shape);
        if (shape.length == 1) {
            return constant(size, name.endsWith("weight") ? 1 : 0);
        }
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (SMALL * random.nextGaussian());
        }
        return values;
    }

    /** As published: everything small, each block nearly its shortcut. */
    public static float[] convNeXt(String name, long[] shape, RandomGenerator random) {
        return name.endsWith("gamma") ? constant(size(shape), FIRST_LAYER_SCALE) : transformer(name, shape, random);
    }

    /** A batch norm's scale and variance; biases, means and the last scale of a residual branch start at 0. */
    private static boolean startsAtOne(String name) {
        boolean lastOfBranch = name.startsWith("layer") && name.endsWith("bn2.weight");
        return name.endsWith("running_var") || name.endsWith("weight") && !lastOfBranch;
    }

    /** Between −bound and bound. */
    public static float[] uniform(RandomGenerator random, int size, double bound) {
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

    private static int size(long[] shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
}
