package org.eegvlm.vision.djl;

import ai.djl.nn.Block;
import java.util.List;
import org.eegvlm.vision.NetworkConfig;

/** ResNet-18 without its classifier, weight for weight that of torchvision (He et al. 2015, arXiv:1512.03385). */
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
        return new ResNetBlock(network);
    }
}
