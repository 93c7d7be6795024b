package org.eegvlm.vision.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.eegvlm.core.SleepStage;
import org.eegvlm.vision.engine.NetworkConfig;
import org.jspecify.annotations.Nullable;

/**
 * A backbone with its head: pictures [N, 3, S, S] to features [N, 1024] and logits [N, 5].
 *
 * <p>{@code features = projection(backbone(x)); logits = classifier(features)}, both linear. The features have no
 * non-linearity after them: they are what the language model's projector takes. A backbone whose output has the
 * features' width needs no projection.
 */
final class StageBlock extends AbstractBlock {

    private final NetworkConfig network;
    private final Block encoder;
    /** Empty, or one. */
    private final List<Block> projection;

    private final Block classifier;

    StageBlock(NetworkConfig network) {
        this.network = network;
        encoder = addChildBlock(
                TorchNames.UNNAMED, Backbone.named(network.architecture()).block(network));
        projection = network.projects()
                ? List.of(addChildBlock(
                        NetworkConfig.PROJECTION,
                        Linear.builder().setUnits(network.featureSize()).build()))
                : List.of();
        classifier = addChildBlock(
                NetworkConfig.CLASSIFIER,
                Linear.builder().setUnits(SleepStage.values().length).build());
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore weights, NDList input, boolean training, @Nullable PairList<String, Object> params) {
        var features = encoder.forward(weights, input, training);
        for (var layer : projection) {
            features = layer.forward(weights, features, training);
        }
        var logits = classifier.forward(weights, features, training);
        return new NDList(features.singletonOrThrow(), logits.singletonOrThrow());
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        encoder.initialize(manager, type, inputs);
        for (var layer : projection) {
            layer.initialize(manager, type, new Shape(1, network.width()));
        }
        classifier.initialize(manager, type, new Shape(1, network.featureSize()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        long batch = inputs[0].get(0);
        return new Shape[] {new Shape(batch, network.featureSize()), new Shape(batch, SleepStage.values().length)};
    }
}
