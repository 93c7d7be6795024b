package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.eegvlm.vision.djl.Backbone;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.VisionEngine;
import org.junit.jupiter.api.Test;

/** The example of docs/vision.md, found as a user's would be. */
class OwnBackboneTest {

    private static final VisionEngine ENGINE = VisionEngine.named(VisionEngine.DEFAULT);

    @Test
    void learns() {
        var network = ENGINE.network("tinynet", 32);
        try (var learner = ENGINE.learner(network, LearnerConfig.of(1))) {
            var pictures = new PictureBatch(new byte[2 * 3 * 32 * 32], 2, 3, Picture.DEFAULT.withSize(32));
            new Random(1).nextBytes(pictures.levels());
            var targets = new float[] {1, 0, 0, 0, 0, 0, 1, 0, 0, 0};

            double before = learner.step(pictures, targets, 1e-2);

            assertThat(learner.step(pictures, targets, 1e-2)).isLessThan(before);
            assertThat(learner.weights())
                    .containsOnlyKeys(
                            "0.weight",
                            "0.bias",
                            "2.weight",
                            "2.bias",
                            "projection.weight",
                            "projection.bias",
                            "classifier.weight",
                            "classifier.bias");
        }
    }

    @Test
    void isForetoldTheMemoryThatItsLayersTake() {
        int made = 2 * 16 * 7 * 7 + 2 * 32 + 32; // two convolutions, what becomes of them, and the mean

        var need = ENGINE.trainingNeed(ENGINE.network("tinynet", 32));

        assertThat(need.picture()).isEqualTo(4 * (2 * made + 3 * 32 * 32));
    }

    @Test
    void isForetoldWhatALayerTakesThatTellsNothing() {
        var own = new PartlyInitialized();

        var made = own.activations(own.network(32));

        assertThat(made.kept()).isEqualTo(3 * 16 * 28 * 28); // as of the convolution, so of the two that follow it
    }

    @Test
    void standsInTheDocumentationAsItIsCompiled() throws IOException {
        var code = Files.readString(Path.of("src/test/java/com/example/TinyNet.java"));

        assertThat(Files.readString(Path.of("../docs/vision.md"))).contains("```java\n" + code + "```\n");
    }

    @Test
    void isAmongTheKnownOnes() {
        assertThatThrownBy(() -> ENGINE.network("resnet", 32)).hasMessageContaining("vim_tiny, tinynet");
    }

    /** Its second layer is not initialized, having no weights; its third takes rows of any number. */
    private static final class PartlyInitialized implements Backbone {

        @Override
        public String name() {
            return "partly";
        }

        @Override
        public NetworkConfig network(int inputSize) {
            return NetworkConfig.of(name(), List.of(16), List.of(1), inputSize);
        }

        @Override
        public Block block(NetworkConfig network) {
            var block = new SequentialBlock() {
                @Override
                public void initializeChildBlocks(NDManager manager, DataType type, Shape... pictures) {
                    var layers = getChildren().values();
                    layers.get(0).initialize(manager, type, pictures);
                    layers.get(2).initialize(manager, type, new Shape(-1, 16));
                }
            };
            return block.add(Conv2d.builder()
                            .setFilters(16)
                            .setKernelShape(new Shape(5, 5))
                            .build())
                    .add(Activation.reluBlock())
                    .add(Linear.builder().setUnits(16).build());
        }
    }
}
