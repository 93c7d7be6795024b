package org.eegvlm.vision.contract;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.vision.engine.NetworkConfig;

/** Networks whose numbers PyTorch has told for the weights and pictures of {@link Formula}: reference/make_*.py. */
public enum GoldenNetwork {
    RESNET18("resnet18", List.of(64, 128, 256, 512), List.of(2, 2, 2, 2), List.of(8, 16)),
    CONVNEXT("convnext_tiny", List.of(16, 24, 32, 48), List.of(1, 1, 2, 1), List.of(16, 24)),
    VIT("vit_small", List.of(128), List.of(2), List.of(128)),
    VIM("vim_tiny", List.of(32), List.of(2), List.of(32));

    private final NetworkConfig network;
    private final NetworkConfig small;

    GoldenNetwork(String architecture, List<Integer> widths, List<Integer> depths, List<Integer> smallWidths) {
        network = NetworkConfig.of(architecture, widths, depths, Formula.SIDE);
        small = NetworkConfig.of(
                architecture, smallWidths, smallWidths.stream().map(width -> 1).toList(), Formula.SIDE);
    }

    NetworkConfig network() {
        return network;
    }

    /** The same kind of layers, for what needs no golden numbers. */
    NetworkConfig small() {
        return small;
    }

    SafetensorsFile numbers() throws IOException {
        var file = name().toLowerCase(Locale.ROOT) + ".safetensors";
        try {
            return SafetensorsFile.open(
                    Path.of(GoldenNetwork.class.getResource(file).toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
