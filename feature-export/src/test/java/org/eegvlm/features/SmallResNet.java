package org.eegvlm.features;

import ai.djl.nn.Block;
import java.util.List;
import org.eegvlm.vision.djl.Backbone;
import org.eegvlm.vision.engine.NetworkConfig;

/** ResNet-18 of few and narrow layers, so that tests train and open it in no time; its weights are a ResNet-18's. */
public final class SmallResNet implements Backbone {

    static final String NAME = "resnet18_small";

    static NetworkConfig of(int inputSize) {
        return NetworkConfig.of("resnet18", List.of(16, 32), List.of(1, 1), inputSize);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public NetworkConfig network(int inputSize) {
        return of(inputSize);
    }

    @Override
    public Block block(NetworkConfig network) {
        return Backbone.named(network.architecture()).block(network);
    }
}
