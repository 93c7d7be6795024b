package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.util.List;
import org.eegvlm.vision.engine.NetworkConfig;

/** A backbone spelt out in ONNX's operators; its weights go by the names that PyTorch gives them. */
interface OnnxBackbone {

    /** As in {@code --backbone} and {@code config.json}. */
    String name();

    /**
     * Adds its nodes.
     *
     * @param pictures the name of [N, channels, S, S]
     * @return the name of [N, {@link NetworkConfig#width()}]
     */
    String build(OnnxGraph graph, NetworkConfig network, String pictures) throws IOException;

    /**
     * How many numbers of one picture ONNX Runtime holds at its fullest; fitted to what a process held. These are
     * more than its widest operators have at once: it plans the memory of a second run anew, beside that of the first.
     */
    long widest(NetworkConfig network);

    /** @throws IllegalArgumentException if this one cannot be exported */
    static OnnxBackbone named(String name) {
        var known = List.<OnnxBackbone>of(
                new ResNetGraph(),
                new ConvNextGraph("convnext_tiny"),
                new ConvNextGraph("convnext_base"),
                new VitGraph("vit_small"),
                new VitGraph("vit_base"));
        return known.stream()
                .filter(backbone -> backbone.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no export of the backbone '%s' to ONNX; exported are %s"
                                .formatted(
                                        name,
                                        known.stream().map(OnnxBackbone::name).toList())));
    }
}
