package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.util.List;
import org.eegvlm.vision.engine.NetworkConfig;

/** ResNet of basic blocks (He et al. 2015, arXiv:1512.03385), with torchvision's names. */
final class ResNetGraph implements OnnxBackbone {

    @Override
    public String name() {
        return "resnet18";
    }

    @Override
    public String build(OnnxGraph graph, NetworkConfig network, String pictures) throws IOException {
        var x = normed(graph, convolution(graph, pictures, "conv1.weight", 7, 2), "bn1");
        x = graph.add("Relu", x);
        x = graph.add(
                "MaxPool",
                List.of(x),
                Attributes.of("kernel_shape", square(3))
                        .with("strides", square(2))
                        .with("pads", padding(1)));
        for (int stage = 0; stage < network.depths().size(); stage++) {
            for (int block = 0; block < network.depths().get(stage); block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = basicBlock(graph, x, "layer" + (stage + 1) + "." + block + ".", stride);
            }
        }
        x = graph.add("GlobalAveragePool", x);
        return graph.add("Flatten", x);
    }

    /** What the first convolution makes, thrice. */
    @Override
    public long widest(NetworkConfig network) {
        long side = network.inputSize() / 2;
        return 3 * side * side * network.widths().get(0);
    }

    private static String basicBlock(OnnxGraph graph, String input, String prefix, int stride) throws IOException {
        var x = normed(graph, convolution(graph, input, prefix + "conv1.weight", 3, stride), prefix + "bn1");
        x = graph.add("Relu", x);
        x = normed(graph, convolution(graph, x, prefix + "conv2.weight", 3, 1), prefix + "bn2");
        var shortcut = input;
        if (graph.hasWeight(prefix + "downsample.0.weight")) {
            shortcut = convolution(graph, input, prefix + "downsample.0.weight", 1, stride);
            shortcut = normed(graph, shortcut, prefix + "downsample.1");
        }
        return graph.add("Relu", graph.add("Add", x, shortcut));
    }

    /** Keeps the size but for its stride; no bias, as a batch norm follows. */
    private static String convolution(OnnxGraph graph, String x, String weight, int kernel, int stride)
            throws IOException {
        return graph.add(
                "Conv",
                List.of(x, graph.weight(weight)),
                Attributes.of("kernel_shape", square(kernel))
                        .with("strides", square(stride))
                        .with("pads", padding(kernel / 2)));
    }

    private static String normed(OnnxGraph graph, String x, String name) throws IOException {
        var inputs = List.of(
                x,
                graph.weight(name + ".weight"),
                graph.weight(name + ".bias"),
                graph.weight(name + ".running_mean"),
                graph.weight(name + ".running_var"));
        return graph.add("BatchNormalization", inputs, Attributes.of("epsilon", 1e-5f));
    }

    private static long[] square(long side) {
        return new long[] {side, side};
    }

    private static long[] padding(long pixels) {
        return new long[] {pixels, pixels, pixels, pixels};
    }
}
