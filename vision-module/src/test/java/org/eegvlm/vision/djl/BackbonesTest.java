package org.eegvlm.vision.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.junit.jupiter.api.Test;

class BackbonesTest {

    @Test
    void needNoProjectionWhereTheOutputIsAsWideAsTheFeatures() {
        var network = new NetworkConfig("convnext_base", List.of(8, 16), List.of(1, 1), 32, 3, 16);
        var picture = new PictureBatch(new byte[32 * 32], 1, 1, Picture.DEFAULT.withSize(32));

        try (var small = StageNetwork.fresh(network, 1, "cpu")) {
            assertThat(small.weights()).doesNotContainKey("projection.weight").containsKey("classifier.weight");
            assertThat(small.apply(picture).features()).hasSize(16);
        }
    }

    @Test
    void haveTheSizesOfThePublishedNetworks() {
        assertThat(ConvNeXt.BASE.network(224).projects()).isFalse();
        assertThat(backboneWeights("convnext_tiny")).isEqualTo(27_820_128);
        assertThat(backboneWeights("vit_small")).isEqualTo(21_665_664);
        assertThat(backboneWeights("vim_tiny")).isEqualTo(6_955_008);
    }

    @Test
    void sayWhichPictureSizesTheyTake() {
        for (var backbone : List.of(VisionTransformer.SMALL, VisionMamba.TINY)) {
            assertThatThrownBy(() -> backbone.network(90))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("multiple of 16");
        }
    }

    private static long backboneWeights(String name) {
        var block = Backbone.named(name).block(Backbone.named(name).network(224));
        return block.getDirectParameters().values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }
}
