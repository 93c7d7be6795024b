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
import org.eegvlm.core.SleepStage;
import org.jspecify.annotations.Nullable;

/**
 * A backbone with its head: pictures [N, 3, S, S] to features [N, 1024] and logits [N, 5].
 *
 * <p>{@code features = projection(backbone(x)); logits = classifier(features)}, both linear. The features have no
 * non-linearity after them: they are what the language model's projector takes.
 */
final class StageBlock extends AbstractBlock {

    /** The width of CLIP ViT-L, for which LLaVA-1.5's projector is made. */
    static final int FEATURES = 1024;

    private final Backbone backbone;
    private final Block encoder;
    private final Block projection;
    private final Block classifier;

    StageBlock(Backbone backbone) {
        this.backbone = backbone;
        encoder = addChildBlock(TorchNames.UNNAMED, backbone.block());
        projection =
                addChildBlock("projection", Linear.builder().setUnits(FEATURES).build());
        classifier = addChildBlock(
                "classifier",
                Linear.builder().setUnits(SleepStage.values().length).build());
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore weights, NDList input, boolean training, @Nullable PairList<String, Object> params) {
        var pooled = encoder.forward(weights, input, training);
        var features = projection.forward(weights, pooled, training);
        var logits = classifier.forward(weights, features, training);
        return new NDList(features.singletonOrThrow(), logits.singletonOrThrow());
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        encoder.initialize(manager, type, inputs);
        projection.initialize(manager, type, new Shape(1, backbone.width()));
        classifier.initialize(manager, type, new Shape(1, FEATURES));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        long batch = inputs[0].get(0);
        return new Shape[] {new Shape(batch, FEATURES), new Shape(batch, SleepStage.values().length)};
    }
}
