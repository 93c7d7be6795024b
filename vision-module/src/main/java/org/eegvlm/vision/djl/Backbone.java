package org.eegvlm.vision.djl;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.NetworkConfig;

/**
 * A picture encoder that a {@link StageNetwork} puts its head on. One's own is found by {@link ServiceLoader}.
 *
 * <p>Its block's children carry the names of the module's counterpart in PyTorch: from them come the keys of the weights
 * file, so that either side reads the other's.
 */
public interface Backbone {

    /** As in {@code --backbone} and {@code config.json}. */
    String name();

    /** Its widths and depths as published. */
    NetworkConfig network(int inputSize);

    /** A new block without weights: pictures [N, channels, S, S] to [N, {@link NetworkConfig#width()}]. */
    Block block(NetworkConfig network);

    /**
     * What a weight starts from. By default as a convolutional network's: uniform by fan-out, scales at 1, biases at 0.
     *
     * @param name as in the weights file
     * @param random to be drawn from alone: the same seed gives the same weights
     */
    default float[] firstValues(String name, Shape shape, RandomGenerator random) {
        return FirstWeights.convolutional(name, shape.getShape(), random);
    }

    /**
     * From them the memory at need is foretold. By default what the innermost layers of its block put out, which is right for
     * convolutions, norms and activations. What a layer makes on its way is counted by whoever writes one that makes much of
     * it, as attention does of its scores.
     */
    default Activations activations(NetworkConfig network) {
        return Activations.of(block(network), network);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    static Backbone named(String name) {
        var ours = Stream.of(
                new ResNet18(),
                ConvNeXt.TINY,
                ConvNeXt.BASE,
                VisionTransformer.SMALL,
                VisionTransformer.BASE,
                VisionMamba.TINY);
        var theirs = StreamSupport.stream(ServiceLoader.load(Backbone.class).spliterator(), false);
        var known = Stream.concat(ours, theirs).toList();
        return known.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown backbone '%s'; known: %s"
                        .formatted(name, known.stream().map(Backbone::name).toList())));
    }
}
