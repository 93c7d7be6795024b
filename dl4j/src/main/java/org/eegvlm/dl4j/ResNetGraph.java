package org.eegvlm.dl4j;

import org.eegvlm.vision.engine.NetworkConfig;

/** ResNet-18's layers, named as torchvision's (He et al. 2015, arXiv:1512.03385). */
final class ResNetGraph {

    private ResNetGraph() {}

    /** Pictures [N, 3, S, S] to [N, width]. */
    static String layers(GraphPlan plan, NetworkConfig network) {
        int width = network.widths().get(0);
        var x = plan.convolution("conv1", GraphPlan.PICTURES, network.channels(), width, 7, 2);
        x = plan.maxPool(plan.relu(plan.batchNorm("bn1", x, width)));
        for (int stage = 0; stage < network.widths().size(); stage++) {
            int channels = network.widths().get(stage);
            for (int block = 0; block < network.depths().get(stage); block++) {
                var path = "layer%d.%d.".formatted(stage + 1, block);
                x = block(plan, path, x, width, channels, stage > 0 && block == 0 ? 2 : 1);
                width = channels;
            }
        }
        return plan.mean(x);
    }

    /** {@code relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))} */
    private static String block(GraphPlan plan, String path, String input, int from, int to, int stride) {
        var x = plan.convolution(path + "conv1", input, from, to, 3, stride);
        x = plan.relu(plan.batchNorm(path + "bn1", x, to));
        x = plan.convolution(path + "conv2", x, to, to, 3, 1);
        x = plan.batchNorm(path + "bn2", x, to);
        var shortcut = input;
        if (stride != 1 || from != to) {
            shortcut = plan.convolution(path + "downsample.0", input, from, to, 1, stride);
            shortcut = plan.batchNorm(path + "downsample.1", shortcut, to);
        }
        return plan.relu(plan.add(x, shortcut));
    }
}
