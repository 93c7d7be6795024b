package org.eegvlm.vision.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * How many numbers a backbone makes of one picture.
 *
 * @param kept by training, of all layers, for the way back
 * @param widest of the layer with the most, at its fullest, and on the way back
 */
public record Activations(long kept, long widest) {

    /** The size of a {@link Shape} with a side of any length. */
    private static final long UNKNOWN = -1;

    /**
     * Of a block, by its innermost layers: what each puts out stays until the pictures are through, whether it learns or not.
     * A layer that does not tell how much, as it was never initialized, or for any length of a sequence, counts as the largest
     * that does, or as the picture. What a layer makes on its way to its output is not counted.
     */
    static Activations of(Block block, NetworkConfig network) {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            int side = network.inputSize();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, network.channels(), side, side));
            long[] outputs = layers(block).flatMapToLong(Activations::outputs).toArray();
            long largest = Arrays.stream(outputs).reduce(network.pictureNumbers(), Math::max);
            long made = Arrays.stream(outputs)
                    .map(output -> output == UNKNOWN ? largest : output)
                    .sum();
            return new Activations(made, made);
        }
    }

    /** The sizes of what a layer puts out, as far as it tells. */
    private static LongStream outputs(Block layer) {
        return layer.isInitialized()
                ? Arrays.stream(layer.getOutputShapes(layer.getInputShapes())).mapToLong(Shape::size)
                : LongStream.of(UNKNOWN);
    }

    private static Stream<Block> layers(Block block) {
        return block.getChildren().isEmpty()
                ? Stream.of(block)
                : block.getChildren().values().stream().flatMap(Activations::layers);
    }
}
