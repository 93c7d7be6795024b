package org.eegvlm.vision.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * ResNet-18 without its classifier, weight for weight that of torchvision (He et al. 2015, arXiv:1512.03385).
 *
 * <pre>
 * conv1 7×7/2 → bn1 → relu → max pool 3×3/2     [N,  64, S/4,  S/4]
 * layer1: 2 basic blocks of  64 channels        [N,  64, S/4,  S/4]
 * layer2: 2 basic blocks of 128 channels, /2    [N, 128, S/8,  S/8]
 * layer3: 2 basic blocks of 256 channels, /2    [N, 256, S/16, S/16]
 * layer4: 2 basic blocks of 512 channels, /2    [N, 512, S/32, S/32]
 * mean over the picture                         [N, 512]
 * </pre>
 */
record ResNet18() implements Backbone {

    @Override
    public String name() {
        return "resnet18";
    }

    @Override
    public NetworkConfig network(int inputSize) {
        return NetworkConfig.of(name(), List.of(64, 128, 256, 512), List.of(2, 2, 2, 2), inputSize);
    }

    @Override
    public Block block(NetworkConfig network) {
        var depths = network.depths().stream().mapToLong(depth -> depth).toArray();
        return new KernelBlock("resnet", weights(network), network.width(), (Object) depths);
    }

    /** Of each convolution its output, for the norm, and what becomes of that; of the pool where its values came from. */
    @Override
    public Activations activations(NetworkConfig network) {
        long side = network.inputSize() / 2;
        long stem = network.widths().get(0) * side * side;
        long kept = 6 * stem; // fitted: glibc keeps some of what was freed
        for (int stage = 0; stage < network.widths().size(); stage++) {
            side = (side + 1) / 2;
            kept += side
                    * side
                    * network.widths().get(stage)
                    * (4L * network.depths().get(stage) + 1);
        }
        return new Activations(kept, 4 * stem);
    }

    private static Map<String, Shape> weights(NetworkConfig network) {
        var weights = new LinkedHashMap<String, Shape>();
        int width = network.widths().get(0);
        layer(weights, "conv1", "bn1", width, network.channels(), 7);
        for (int stage = 0; stage < network.widths().size(); stage++) {
            int channels = network.widths().get(stage);
            for (int i = 0; i < network.depths().get(stage); i++) {
                var path = "layer%d.%d.".formatted(stage + 1, i);
                layer(weights, path + "conv1", path + "bn1", channels, width, 3);
                layer(weights, path + "conv2", path + "bn2", channels, channels, 3);
                if (stage > 0 && i == 0) {
                    layer(weights, path + "downsample.0", path + "downsample.1", channels, width, 1);
                }
                width = channels;
            }
        }
        return weights;
    }

    /** A convolution and the batch norm behind it. */
    private static void layer(
            Map<String, Shape> weights, String convolution, String norm, int channels, int inputChannels, int kernel) {
        weights.put(convolution + ".weight", new Shape(channels, inputChannels, kernel, kernel));
        for (var name : List.of(".weight", ".bias", ".running_mean", ".running_var")) {
            weights.put(norm + name, new Shape(channels));
        }
    }
}
