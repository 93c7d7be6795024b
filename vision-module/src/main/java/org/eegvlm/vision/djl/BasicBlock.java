package org.eegvlm.vision.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ResNet's basic block: {@code relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))}, both convolutions 3×3. Where the
 * size or the channels change, the shortcut is a 1×1 convolution and a batch norm, else it is x itself.
 *
 * <p>[N, C, H, W] to [N, channels, ⌈H/stride⌉, ⌈W/stride⌉].
 */
final class BasicBlock extends AbstractBlock {

    private final Block conv1;
    private final Block bn1;
    private final Block conv2;
    private final Block bn2;
    /** Empty, or the convolution and the batch norm. */
    private final List<Block> shortcut;

    BasicBlock(int inputChannels, int channels, int stride) {
        conv1 = addChildBlock("conv1", Layers.convolution(channels, 3, stride));
        bn1 = addChildBlock("bn1", Layers.batchNorm());
        conv2 = addChildBlock("conv2", Layers.convolution(channels, 3, 1));
        bn2 = addChildBlock("bn2", Layers.batchNorm());
        shortcut = stride == 1 && inputChannels == channels
                ? List.of()
                : List.of(
                        addChildBlock("downsample.0", Layers.convolution(channels, 1, stride)),
                        addChildBlock("downsample.1", Layers.batchNorm()));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore weights, NDList input, boolean training, @Nullable PairList<String, Object> params) {
        var x = conv1.forward(weights, input, training);
        x = bn1.forward(weights, x, training);
        x = new NDList(Activation.relu(x.singletonOrThrow()));
        x = conv2.forward(weights, x, training);
        x = bn2.forward(weights, x, training);
        var identity = input;
        for (var layer : shortcut) {
            identity = layer.forward(weights, identity, training);
        }
        return new NDList(Activation.relu(x.singletonOrThrow().add(identity.singletonOrThrow())));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        conv1.initialize(manager, type, inputs);
        var output = conv1.getOutputShapes(inputs)[0];
        bn1.initialize(manager, type, output);
        conv2.initialize(manager, type, output);
        bn2.initialize(manager, type, output);
        var shape = inputs[0];
        for (var layer : shortcut) {
            layer.initialize(manager, type, shape);
            shape = output;
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return conv1.getOutputShapes(inputs);
    }
}
