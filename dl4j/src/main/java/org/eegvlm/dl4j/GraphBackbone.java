package org.eegvlm.dl4j;

import java.util.Arrays;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.NetworkConfig;

/** The backbones that this engine computes. */
enum GraphBackbone {
    RESNET18("resnet18", ResNetGraph::layers, FirstWeights::convolutional),
    CONVNEXT_TINY("convnext_tiny", ConvNextGraph::layers, FirstWeights::convNeXt),
    CONVNEXT_BASE("convnext_base", ConvNextGraph::layers, FirstWeights::convNeXt);

    private interface Layers {
        String plan(GraphPlan plan, NetworkConfig network);
    }

    private final String architecture;
    private final Layers layers;
    private final FirstWeights.Rule firstWeights;

    GraphBackbone(String architecture, Layers layers, FirstWeights.Rule firstWeights) {
        this.architecture = architecture;
        this.layers = layers;
        this.firstWeights = firstWeights;
    }

    /** @throws IllegalArgumentException if it is none of these */
    static GraphBackbone named(String architecture) {
        return Arrays.stream(values())
                .filter(backbone -> backbone.architecture.equals(architecture))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the engine 'dl4j' computes %s, not '%s'; take another engine for it"
                                .formatted(
                                        Arrays.stream(values())
                                                .map(backbone -> backbone.architecture)
                                                .toList(),
                                        architecture)));
    }

    /**
     * Plans the layers from {@link GraphPlan#PICTURES} to one vector a picture.
     *
     * @return the name of the last layer, of {@link NetworkConfig#width()} numbers
     */
    String layers(GraphPlan plan, NetworkConfig network) {
        return layers.plan(plan, network);
    }

    FirstWeights.Rule firstWeights() {
        return firstWeights;
    }
}
