package org.eegvlm.vision.onnx;

import static org.eegvlm.vision.onnx.OnnxLayers.convolution;
import static org.eegvlm.vision.onnx.OnnxLayers.linear;
import static org.eegvlm.vision.onnx.OnnxLayers.norm;
import static org.eegvlm.vision.onnx.OnnxLayers.transpose;

import java.io.IOException;
import java.util.List;
import org.eegvlm.vision.engine.NetworkConfig;

/** The Vision Transformer (Dosovitskiy et al. 2021, arXiv:2010.11929), norms first, with timm's names. */
record VitGraph(String name) implements OnnxBackbone {

    private static final int PATCH = 16;
    private static final int HEAD = 64;

    @Override
    public String build(OnnxGraph graph, NetworkConfig network, String pictures) throws IOException {
        int width = network.width();
        long side = network.inputSize() / PATCH;
        var x = convolution(graph, pictures, "patch_embed.proj", PATCH, PATCH, 0, 1);
        x = graph.add("Reshape", x, graph.integers(0, width, side * side));
        x = withClassToken(graph, transpose(graph, x, 0, 2, 1), width);
        x = graph.add("Add", x, graph.weight("pos_embed"));
        for (int i = 0; i < network.depths().get(0); i++) {
            x = block(graph, x, "blocks." + i + ".", width);
        }
        var classToken = graph.add("Gather", List.of(x, graph.integers(0)), Attributes.of("axis", 1));
        return norm(graph, graph.add("Flatten", classToken), "norm");
    }

    /** Of a block what it takes, 44 times, and four times what the heads' tokens are to each other. */
    @Override
    public long widest(NetworkConfig network) {
        long side = network.inputSize() / PATCH;
        long tokens = side * side + 1;
        return 44 * tokens * network.width() + 4 * tokens * tokens * network.width() / HEAD;
    }

    /** [N, T, width] to [N, 1 + T, width]. */
    private static String withClassToken(OnnxGraph graph, String tokens, int width) throws IOException {
        var count =
                graph.add("Shape", List.of(tokens), Attributes.of("start", 0).with("end", 1));
        var shape = graph.add("Concat", List.of(count, graph.integers(1, width)), Attributes.of("axis", 0));
        var first = graph.add("Expand", graph.weight("cls_token"), shape);
        return graph.add("Concat", List.of(first, tokens), Attributes.of("axis", 1));
    }

    /** {@code x + attention(norm1(x))}, then {@code x + mlp(norm2(x))} */
    private static String block(OnnxGraph graph, String input, String prefix, int width) throws IOException {
        var attended = attention(graph, norm(graph, input, prefix + "norm1"), prefix + "attn.", width);
        var x = graph.add("Add", input, attended);
        return graph.add("Add", x, OnnxLayers.mlp(graph, norm(graph, x, prefix + "norm2"), prefix));
    }

    /** {@code proj(softmax(q kᵀ / √64) v)}, head by head. */
    private static String attention(OnnxGraph graph, String x, String prefix, int width) throws IOException {
        var qkv = graph.add("Reshape", linear(graph, x, prefix + "qkv"), graph.integers(0, 0, 3, width / HEAD, HEAD));
        qkv = transpose(graph, qkv, 2, 0, 3, 1, 4); // [3, N, heads, T, 64]
        var keys = transpose(graph, part(graph, qkv, 1), 0, 1, 2, 4, 3);
        var scores = graph.add("MatMul", part(graph, qkv, 0), keys);
        scores = graph.add("Div", scores, graph.number((float) Math.sqrt(HEAD)));
        var shares = graph.add("Softmax", List.of(scores), Attributes.of("axis", -1));
        var y = transpose(graph, graph.add("MatMul", shares, part(graph, qkv, 2)), 1, 3, 2, 4, 0);
        return linear(graph, graph.add("Reshape", y, graph.integers(0, 0, width)), prefix + "proj");
    }

    /** [1, N, heads, T, 64] */
    private static String part(OnnxGraph graph, String qkv, int place) {
        return graph.add("Gather", List.of(qkv, graph.integers(place)), Attributes.of("axis", 0));
    }
}
