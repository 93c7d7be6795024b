package org.eegvlm.vision.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.eegvlm.vision.NetworkConfig;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a ResNet of basic blocks: pictures [N, 3, S, S] to [N, width]; for ResNet-18
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
final class ResNetBlock extends AbstractBlock {

    private final NetworkConfig network;
    private final Block stem;
    private final Block stemNorm;
    private final List<BasicBlock> blocks = new ArrayList<>();

    ResNetBlock(NetworkConfig network) {
        this.network = network;
        int width = network.widths().get(0);
        stem = addChildBlock("conv1", Layers.convolution(width, 7, 2));
        stemNorm = addChildBlock("bn1", Layers.batchNorm());
        for (int stage = 0; stage < network.widths().size(); stage++) {
            int channels = network.widths().get(stage);
            for (int i = 0; i < network.depths().get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                var block = new BasicBlock(width, channels, stride);
                blocks.add(addChildBlock("layer" + (stage + 1) + "." + i, block));
                width = channels;
            }
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore weights, NDList input, boolean training, @Nullable PairList<String, Object> params) {
        var x = stem.forward(weights, input, training);
        x = stemNorm.forward(weights, x, training);
        x = new NDList(Activation.relu(x.singletonOrThrow()));
        x = new NDList(Pool.maxPool2d(x.singletonOrThrow(), new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false));
        for (var block : blocks) {
            x = block.forward(weights, x, training);
        }
        return new NDList(Pool.globalAvgPool2d(x.singletonOrThrow()));
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
        stem.initialize(manager, type, inputs);
        var shape = stem.getOutputShapes(inputs)[0];
        stemNorm.initialize(manager, type, shape);
        shape = new Shape(shape.get(0), shape.get(1), halved(shape.get(2)), halved(shape.get(3)));
        for (var block : blocks) {
            block.initialize(manager, type, shape);
            shape = block.getOutputShapes(new Shape[] {shape})[0];
        }
    }

    private static long halved(long size) {
        return (size + 1) / 2;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), network.width())};
    }
}
