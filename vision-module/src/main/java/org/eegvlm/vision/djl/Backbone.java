package org.eegvlm.vision.djl;

import ai.djl.nn.Block;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eegvlm.vision.NetworkConfig;

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

    /** @throws IllegalArgumentException if there is none of this name */
    static Backbone named(String name) {
        var ours = Stream.<Backbone>of(new ResNet18());
        var theirs = StreamSupport.stream(ServiceLoader.load(Backbone.class).spliterator(), false);
        var known = Stream.concat(ours, theirs).toList();
        return known.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown backbone '%s'; known: %s"
                        .formatted(name, known.stream().map(Backbone::name).toList())));
    }
}
