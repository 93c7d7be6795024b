package org.eegvlm.vision.djl;

import static org.eegvlm.vision.djl.ConvNeXt.layer;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * Vision Mamba without its classifier (Zhu et al. 2024, arXiv:2401.09417), with the names of its authors' code: patches of
 * 16 pixels are read from both ends by a selective scan, and the class token stands in the middle.
 */
record VisionMamba(String name, int width, int depth) implements Backbone {

    static final VisionMamba TINY = new VisionMamba("vim_tiny", 192, 24);

    private static final int EXPANSION = 2;
    private static final int STATES = 16;
    private static final int TAPS = 4;
    /** One number of the step's rank for so many of the width. */
    private static final int WIDTH_PER_RANK = 16;

    private static final double SHORTEST_STEP = 1e-3;
    private static final double LONGEST_STEP = 0.1;

    @Override
    public NetworkConfig network(int inputSize) {
        VisionTransformer.requireWholePatches(name, inputSize);
        return NetworkConfig.of(name, List.of(width), List.of(depth), inputSize);
    }

    @Override
    public Block block(NetworkConfig network) {
        return new KernelBlock(
                "vim", weights(network), network.width(), network.depths().get(0));
    }

    /** Nearly all are the scan's: in either direction, for each token and state, the decay, the state and its copy in a row. */
    @Override
    public Activations activations(NetworkConfig network) {
        long inner = VisionTransformer.tokens(network) * EXPANSION * network.width();
        long layer = 2 * inner * (4 * STATES + 14);
        return new Activations(layer * network.depths().get(0), 10 * STATES * inner);
    }

    /** As Mamba's (Gu &amp; Dao 2023, arXiv:2312.00752): decays of 1 to 16, steps of 0.001 to 0.1. */
    @Override
    public float[] firstValues(String name, Shape shape, RandomGenerator random) {
        int size = Math.toIntExact(shape.size());
        var values = new float[size];
        if (name.endsWith("_log")) {
            for (int i = 0; i < size; i++) {
                values[i] = (float) Math.log(1 + i % STATES);
            }
        } else if (name.endsWith(".D") || name.endsWith(".D_b")) {
            Arrays.fill(values, 1);
        } else if (name.contains("dt_proj") && name.endsWith("bias")) {
            for (int i = 0; i < size; i++) {
                double step = SHORTEST_STEP * Math.pow(LONGEST_STEP / SHORTEST_STEP, random.nextDouble());
                values[i] = (float) Math.log(Math.expm1(step)); // what softplus turns into the step
            }
        } else if (name.contains("mixer.") && name.endsWith("weight")) {
            return mixer(name, shape, random);
        } else {
            return FirstWeights.transformer(name, shape.getShape(), random);
        }
        return values;
    }

    private float[] mixer(String name, Shape shape, RandomGenerator random) {
        double fanIn = shape.slice(1).size();
        double bound = 1 / Math.sqrt(fanIn);
        return FirstWeights.uniform(
                random,
                Math.toIntExact(shape.size()),
                name.endsWith("out_proj.weight") ? bound / Math.sqrt(depth) : bound);
    }

    private static Map<String, Shape> weights(NetworkConfig network) {
        int width = network.width();
        long inner = (long) EXPANSION * width;
        var weights = new LinkedHashMap<String, Shape>();
        VisionTransformer.embedding(weights, network);
        for (int i = 0; i < network.depths().get(0); i++) {
            var path = "layers." + i + ".";
            weights.put(path + "norm.weight", new Shape(width));
            weights.put(path + "mixer.in_proj.weight", new Shape(2 * inner, width));
            direction(weights, path + "mixer.", "", width, inner);
            direction(weights, path + "mixer.", "_b", width, inner);
            weights.put(path + "mixer.out_proj.weight", new Shape(width, inner));
        }
        weights.put("norm_f.weight", new Shape(width));
        return weights;
    }

    /** @param mark of the names of the direction */
    private static void direction(Map<String, Shape> weights, String path, String mark, int width, long inner) {
        int rank = (width + WIDTH_PER_RANK - 1) / WIDTH_PER_RANK;
        layer(weights, path + "conv1d" + mark, inner, 1, TAPS);
        weights.put(path + "x_proj" + mark + ".weight", new Shape(rank + 2L * STATES, inner));
        layer(weights, path + "dt_proj" + mark, inner, rank);
        weights.put(path + "A" + mark + "_log", new Shape(inner, STATES));
        weights.put(path + "D" + mark, new Shape(inner));
    }
}
