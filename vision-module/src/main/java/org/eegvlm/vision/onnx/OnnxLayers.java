package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.util.List;

/** Layers that ConvNeXt and the Vision Transformer have in common; the last axis holds the channels. */
final class OnnxLayers {

    private static final float EPSILON = 1e-6f;

    private OnnxLayers() {}

    /** Norm over the last axis. */
    static String norm(OnnxGraph graph, String x, String name) throws IOException {
        var inputs = List.of(x, graph.weight(name + ".weight"), graph.weight(name + ".bias"));
        return graph.add("LayerNormalization", inputs, Attributes.of("axis", -1).with("epsilon", EPSILON));
    }

    /** {@code xWᵀ + b} over the last axis; the runtime transposes W once, when it loads it. */
    static String linear(OnnxGraph graph, String x, String name) throws IOException {
        var transposed = graph.add("Transpose", graph.weight(name + ".weight"));
        return graph.add("Add", graph.add("MatMul", x, transposed), graph.weight(name + ".bias"));
    }

    /** {@code fc2(gelu(fc1(x)))}, the gelu exact: {@code x/2 (1 + erf(x/√2))}. */
    static String mlp(OnnxGraph graph, String input, String prefix) throws IOException {
        var x = linear(graph, input, prefix + "mlp.fc1");
        var erf = graph.add("Erf", graph.add("Div", x, graph.number((float) Math.sqrt(2))));
        var gelu = graph.add("Mul", graph.add("Mul", x, graph.add("Add", erf, graph.number(1))), graph.number(0.5f));
        return linear(graph, gelu, prefix + "mlp.fc2");
    }

    /** With a bias; a square kernel, its stride, and as many groups. */
    static String convolution(OnnxGraph graph, String x, String name, int kernel, int stride, int padding, int groups)
            throws IOException {
        var inputs = List.of(x, graph.weight(name + ".weight"), graph.weight(name + ".bias"));
        var attributes = Attributes.of("kernel_shape", new long[] {kernel, kernel})
                .with("strides", new long[] {stride, stride})
                .with("pads", new long[] {padding, padding, padding, padding})
                .with("group", groups);
        return graph.add("Conv", inputs, attributes);
    }

    static String transpose(OnnxGraph graph, String x, long... axes) {
        return graph.add("Transpose", List.of(x), Attributes.of("perm", axes));
    }
}
