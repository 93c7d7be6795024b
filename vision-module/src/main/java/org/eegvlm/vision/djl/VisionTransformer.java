package org.eegvlm.vision.djl;

import static org.eegvlm.core.Preconditions.require;
import static org.eegvlm.vision.djl.ConvNeXt.layer;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * A Vision Transformer without its classifier, weight for weight that of timm (Dosovitskiy et al. 2021,
 * arXiv:2010.11929): patches of 16 pixels, heads 64 wide, and the class token's last state as output.
 */
record VisionTransformer(String name, int width, int depth) implements Backbone {

    static final VisionTransformer SMALL = new VisionTransformer("vit_small", 384, 12);
    static final VisionTransformer BASE = new VisionTransformer("vit_base", 768, 12);

    static final int PATCH = 16;

    private static final int HEAD = 64;
    private static final int EXPANSION = 4;

    @Override
    public NetworkConfig network(int inputSize) {
        requireWholePatches(name, inputSize);
        return NetworkConfig.of(name, List.of(width), List.of(depth), inputSize);
    }

    @Override
    public Block block(NetworkConfig network) {
        int heads = network.width() / HEAD;
        return new KernelBlock(
                "vit",
                weights(network),
                network.width(),
                heads,
                network.depths().get(0));
    }

    @Override
    public float[] firstValues(String name, Shape shape, RandomGenerator random) {
        return FirstWeights.transformer(name, shape.getShape(), random);
    }

    /** Of each block seventeen times its input: two norms and what goes in, qkv, attention twice, fc1 and gelu of four widths. */
    @Override
    public Activations activations(NetworkConfig network) {
        long tokens = tokens(network) * network.width();
        return new Activations(17 * tokens * network.depths().get(0), 16 * tokens);
    }

    /** Of a picture, numbers in each not counted. */
    static long tokens(NetworkConfig network) {
        long side = network.inputSize() / PATCH;
        return side * side + 1;
    }

    private static Map<String, Shape> weights(NetworkConfig network) {
        int width = network.width();
        var weights = new LinkedHashMap<String, Shape>();
        embedding(weights, network);
        for (int i = 0; i < network.depths().get(0); i++) {
            var path = "blocks." + i + ".";
            layer(weights, path + "norm1", width);
            layer(weights, path + "attn.qkv", 3L * width, width);
            layer(weights, path + "attn.proj", width, width);
            layer(weights, path + "norm2", width);
            layer(weights, path + "mlp.fc1", (long) EXPANSION * width, width);
            layer(weights, path + "mlp.fc2", width, (long) EXPANSION * width);
        }
        layer(weights, "norm", width);
        return weights;
    }

    /** @throws IllegalArgumentException if pictures of this size cannot be cut into patches */
    static void requireWholePatches(String name, int inputSize) {
        require(
                inputSize % PATCH == 0,
                "%s takes pictures whose size is a multiple of %d, was %d",
                name,
                PATCH,
                inputSize);
    }

    /** Patches become tokens; one more stands for the picture. */
    static void embedding(Map<String, Shape> weights, NetworkConfig network) {
        requireWholePatches(network.architecture(), network.inputSize());
        int width = network.width();
        weights.put("cls_token", new Shape(1, 1, width));
        weights.put("pos_embed", new Shape(1, tokens(network), width));
        layer(weights, "patch_embed.proj", width, network.channels(), PATCH, PATCH);
    }
}
