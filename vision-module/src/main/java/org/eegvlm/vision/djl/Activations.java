package org.eegvlm.vision.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.Arrays;
import java.util.stream.Stream;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * How many numbers a backbone makes of one picture.
 *
 * @param kept by training, of all layers, for the way back
 * @param widest of the layer with the most, at its fullest, and on the way back
 */
public record Activations(long kept, long widest) {

    /** Of a block of DJL's layers: what each puts out stays until the pictures are through, whether it learns or not. */
    static Activations of(Block block, NetworkConfig network) {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            int side = network.inputSize();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, network.channels(), side, side));
            long made = layers(block)
                    .flatMap(layer -> Arrays.stream(layer.getOutputShapes(layer.getInputShapes())))
                    .mapToLong(Shape::size)
                    .sum();
            return new Activations(made, made);
        }
    }

    private static Stream<Block> layers(Block block) {
        return block.getChildren().isEmpty()
                ? Stream.of(block)
                : block.getChildren().values().stream().flatMap(Activations::layers);
    }
}
