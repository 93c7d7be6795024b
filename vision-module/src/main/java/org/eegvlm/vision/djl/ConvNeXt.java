package org.eegvlm.vision.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.NetworkConfig;

/** ConvNeXt without its classifier, weight for weight that of timm (Liu et al. 2022, arXiv:2201.03545). */
record ConvNeXt(String name, List<Integer> widths, List<Integer> depths) implements Backbone {

    static final ConvNeXt TINY = new ConvNeXt("convnext_tiny", List.of(96, 192, 384, 768), List.of(3, 3, 9, 3));
    static final ConvNeXt BASE = new ConvNeXt("convnext_base", List.of(128, 256, 512, 1024), List.of(3, 3, 27, 3));

    private static final int EXPANSION = 4;

    @Override
    public NetworkConfig network(int inputSize) {
        return NetworkConfig.of(name, widths, depths, inputSize);
    }

    @Override
    public Block block(NetworkConfig network) {
        var depths = network.depths().stream().mapToLong(depth -> depth).toArray();
        return new KernelBlock("convnext", weights(network), network.width(), (Object) depths);
    }

    @Override
    public float[] firstValues(String name, Shape shape, RandomGenerator random) {
        return FirstWeights.convNeXt(name, shape.getShape(), random);
    }

    /** Of each block twelve times its input: that, conv_dw, norm, fc1 and gelu of four widths, fc2. */
    @Override
    public Activations activations(NetworkConfig network) {
        long side = network.inputSize() / 4;
        long widest = 18 * side * side * network.widths().get(0);
        long kept = 0;
        for (int stage = 0; stage < network.widths().size(); stage++) {
            kept += side
                    * side
                    * network.widths().get(stage)
                    * (12L * network.depths().get(stage) + 3);
            side /= 2;
        }
        return new Activations(kept, widest);
    }

    private static Map<String, Shape> weights(NetworkConfig network) {
        var weights = new LinkedHashMap<String, Shape>();
        var widths = network.widths();
        layer(weights, "stem.0", widths.get(0), network.channels(), 4, 4);
        layer(weights, "stem.1", widths.get(0));
        for (int stage = 0; stage < widths.size(); stage++) {
            int width = widths.get(stage);
            var path = "stages." + stage + ".";
            if (stage > 0) {
                layer(weights, path + "downsample.0", widths.get(stage - 1));
                layer(weights, path + "downsample.1", width, widths.get(stage - 1), 2, 2);
            }
            for (int block = 0; block < network.depths().get(stage); block++) {
                block(weights, path + "blocks." + block + ".", width);
            }
        }
        layer(weights, "head.norm", network.width());
        return weights;
    }

    private static void block(Map<String, Shape> weights, String path, int width) {
        weights.put(path + "gamma", new Shape(width));
        layer(weights, path + "conv_dw", width, 1, 7, 7);
        layer(weights, path + "norm", width);
        layer(weights, path + "mlp.fc1", EXPANSION * width, width);
        layer(weights, path + "mlp.fc2", width, EXPANSION * width);
    }

    /** A weight, and a bias as long as its first side. */
    static void layer(Map<String, Shape> weights, String name, long... shape) {
        weights.put(name + ".weight", new Shape(shape));
        weights.put(name + ".bias", new Shape(shape[0]));
    }
}
