package org.eegvlm.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("org.eegvlm.dl4j.Processor#hasAvx2")
class Dl4jEngineTest {

    private final Dl4jEngine engine = new Dl4jEngine();

    @Test
    void hasThePublishedNetworks() {
        assertThat(engine.network("convnext_base", 224).width()).isEqualTo(1024);
    }

    @Test
    void namesWhatItComputesWhereItIsAskedForMore() {
        assertThatThrownBy(() -> engine.network("vit_small", 224))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vit_small")
                .hasMessageContaining("convnext_tiny");
    }

    @Test
    void refusesADeviceThatItHasNot() {
        var network = NetworkConfig.of("resnet18", List.of(8), List.of(1), 32);

        assertThatThrownBy(() -> engine.learner(network, new LearnerConfig(1, 0, 0, "cuda:0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuda:0");
    }

    @Test
    void needsNoProjectionWhereTheOutputIsAsWideAsTheFeatures() {
        var network = new NetworkConfig("convnext_base", List.of(8, 16), List.of(1, 1), 32, 3, 16);
        var picture = new PictureBatch(new byte[32 * 32], 1, 1, Picture.DEFAULT.withSize(32));

        try (var learner = engine.learner(network, LearnerConfig.of(1))) {
            assertThat(learner.weights()).doesNotContainKey("projection.weight").containsKey("classifier.weight");
            assertThat(learner.apply(picture).features()).hasSize(16);
        }
    }
}
