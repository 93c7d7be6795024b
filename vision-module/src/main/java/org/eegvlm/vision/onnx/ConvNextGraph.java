package org.eegvlm.vision.onnx;

import static org.eegvlm.vision.onnx.OnnxLayers.convolution;
import static org.eegvlm.vision.onnx.OnnxLayers.norm;
import static org.eegvlm.vision.onnx.OnnxLayers.transpose;

import java.io.IOException;
import org.eegvlm.vision.engine.NetworkConfig;

/** ConvNeXt (Liu et al. 2022, arXiv:2201.03545), with timm's names. */
record ConvNextGraph(String name) implements OnnxBackbone {

    @Override
    public String build(OnnxGraph graph, NetworkConfig network, String pictures) throws IOException {
        var x = convolution(graph, pictures, "stem.0", 4, 4, 0, 1);
        x = channelNorm(graph, x, "stem.1");
        for (int stage = 0; stage < network.widths().size(); stage++) {
            var prefix = "stages." + stage + ".";
            if (stage > 0) {
                x = channelNorm(graph, x, prefix + "downsample.0");
                x = convolution(graph, x, prefix + "downsample.1", 2, 2, 0, 1);
            }
            for (int i = 0; i < network.depths().get(stage); i++) {
                x = block(
                        graph, x, prefix + "blocks." + i + ".", network.widths().get(stage));
            }
        }
        return norm(graph, graph.add("Flatten", graph.add("GlobalAveragePool", x)), "head.norm");
    }

    /** Of a block of the first stage what it takes, 24 times: GELU alone is five operators over four widths. */
    @Override
    public long widest(NetworkConfig network) {
        long side = network.inputSize() / 4;
        return 24 * side * side * network.widths().get(0);
    }

    /** {@code x + gamma fc2(gelu(fc1(norm(conv_dw(x)))))} */
    private static String block(OnnxGraph graph, String x, String prefix, int width) throws IOException {
        var y = transpose(graph, convolution(graph, x, prefix + "conv_dw", 7, 1, 3, width), 0, 2, 3, 1);
        y = OnnxLayers.mlp(graph, norm(graph, y, prefix + "norm"), prefix);
        y = graph.add("Mul", y, graph.weight(prefix + "gamma"));
        return graph.add("Add", x, transpose(graph, y, 0, 3, 1, 2));
    }

    /** Norm over the channels of [N, C, H, W]. */
    private static String channelNorm(OnnxGraph graph, String x, String name) throws IOException {
        return transpose(graph, norm(graph, transpose(graph, x, 0, 2, 3, 1), name), 0, 3, 1, 2);
    }
}
