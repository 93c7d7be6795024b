package org.eegvlm.dl4j;

import org.eegvlm.vision.engine.NetworkConfig;

/** ConvNeXt's layers, named as timm's (Liu et al. 2022, arXiv:2201.03545). */
final class ConvNextGraph {

    private static final int EXPANSION = 4;

    private ConvNextGraph() {}

    /** Pictures [N, 3, S, S] to [N, width]. */
    static String layers(GraphPlan plan, NetworkConfig network) {
        int width = network.widths().get(0);
        var x = plan.tiles("stem.0", GraphPlan.PICTURES, network.channels(), width, 4);
        x = plan.layerNorm("stem.1", x, width);
        for (int stage = 0; stage < network.widths().size(); stage++) {
            var path = "stages." + stage + ".";
            int channels = network.widths().get(stage);
            if (stage > 0) {
                x = plan.layerNorm(path + "downsample.0", x, width);
                x = plan.tiles(path + "downsample.1", x, width, channels, 2);
            }
            for (int block = 0; block < network.depths().get(stage); block++) {
                x = block(plan, path + "blocks." + block, x, channels);
            }
            width = channels;
        }
        return plan.layerNorm("head.norm", plan.mean(x), width);
    }

    /** {@code x + gamma fc2(gelu(fc1(norm(conv_dw(x)))))} */
    private static String block(GraphPlan plan, String path, String input, int width) {
        var x = plan.depthwise(path + ".conv_dw", input, width, 7);
        x = plan.layerNorm(path + ".norm", x, width);
        x = plan.gelu(plan.pixelwise(path + ".mlp.fc1", x, width, EXPANSION * width));
        x = plan.pixelwise(path + ".mlp.fc2", x, EXPANSION * width, width);
        return plan.add(plan.layerScale(path, x, width), input);
    }
}
