package org.eegvlm.vision.djl;

import ai.djl.nn.Block;
import java.util.List;

/**
 * A picture encoder that a {@link StageNetwork} puts its head on.
 *
 * <p>Its block's children carry the names of the module's counterpart in PyTorch: from them come the keys of the weights
 * file, so that either side reads the other's.
 */
public interface Backbone {

    /** As in {@code --backbone} and {@code config.json}. */
    String name();

    /** How many numbers it makes of a picture. */
    int width();

    /** A new block without weights: pictures [N, 3, S, S] to [N, width]. */
    Block block();

    /**
     * @throws IllegalArgumentException if there is none of this name
     */
    static Backbone named(String name) {
        var known = List.of(new ResNet18());
        return known.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown backbone '%s'; known: %s"
                        .formatted(name, known.stream().map(Backbone::name).toList())));
    }
}
