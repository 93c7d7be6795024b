package com.example;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import org.eegvlm.vision.djl.Backbone;
import org.eegvlm.vision.engine.NetworkConfig;

/** Two convolutions and the mean over the picture. */
public final class TinyNet implements Backbone {

    @Override
    public String name() {
        return "tinynet";
    }

    @Override
    public NetworkConfig network(int inputSize) {
        return NetworkConfig.of(name(), List.of(16, 32), List.of(1, 1), inputSize);
    }

    @Override
    public Block block(NetworkConfig network) {
        var block = new SequentialBlock();
        for (int width : network.widths()) {
            block.add(Conv2d.builder()
                    .setFilters(width)
                    .setKernelShape(new Shape(5, 5))
                    .optStride(new Shape(4, 4))
                    .build());
            block.add(Activation.reluBlock());
        }
        return block.addSingleton(Pool::globalAvgPool2d);
    }
}
