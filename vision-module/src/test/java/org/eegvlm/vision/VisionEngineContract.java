package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every engine that trains; a subclass says which, and a small network of its. */
abstract class VisionEngineContract {

    private static final int PICTURES = 4;

    @TempDir
    Path folder;

    abstract VisionEngine engine();

    abstract NetworkConfig network();

    @Test
    void isFoundByItsName() {
        assertThat(VisionEngine.named(engine().name())).hasSameClassAs(engine());
    }

    @Test
    void drawsTheSameFirstWeightsForTheSameSeed() {
        try (var one = learner(5);
                var same = learner(5);
                var other = learner(6)) {
            assertThat(same.weights()).isEqualTo(one.weights());
            assertThat(other.weights()).isNotEqualTo(one.weights());
        }
    }

    @Test
    void learnsWhatItIsShown() {
        try (var learner = learner(1)) {
            double before = learner.step(pictures(), targets(), PICTURES, 1e-3);
            for (int i = 0; i < 5; i++) {
                learner.step(pictures(), targets(), PICTURES, 1e-3);
            }

            assertThat(learner.step(pictures(), targets(), PICTURES, 1e-3)).isLessThan(before);
            assertThat(learner.steps()).isEqualTo(7);
        }
    }

    @Test
    void countsATwofoldRowTwice() {
        var twofold = targets();
        for (int i = 0; i < twofold.length; i++) {
            twofold[i] *= 2;
        }
        try (var once = learner(1);
                var twice = learner(1)) {
            double loss = once.step(pictures(), targets(), PICTURES, 0);

            assertThat(twice.step(pictures(), twofold, PICTURES, 0)).isCloseTo(2 * loss, within(1e-5));
        }
    }

    @Test
    void goesOnToTheSameBitsFromASavedState() throws IOException {
        var state = folder.resolve("state.safetensors");
        try (var learner = averaging(1);
                var other = averaging(2)) {
            learner.step(pictures(), targets(), PICTURES, 1e-3);
            learner.save(state, Map.of());
            learner.step(pictures(), targets(), PICTURES, 1e-3);

            other.restore(SafetensorsFile.open(state));
            other.step(pictures(), targets(), PICTURES, 1e-3);

            assertThat(other.weights()).isEqualTo(learner.weights());
            assertThat(other.steps()).isEqualTo(2);
        }
    }

    @Test
    void encodesFromAFolderWhatItLearnt() throws IOException {
        try (var learner = averaging(1)) {
            learner.step(pictures(), targets(), PICTURES, 1e-3);
            SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), learner.weights(), Map.of());

            try (var encoder = engine().open(folder, network(), "cpu")) {
                var wanted = learner.apply(pictures(), PICTURES);
                var output = encoder.apply(pictures(), PICTURES);

                assertThat(output.features()).containsExactly(wanted.features(), within(1e-5f));
                assertThat(output.logits()).hasSize(PICTURES * 5).containsExactly(wanted.logits(), within(1e-5f));
            }
        }
    }

    @Test
    void encodesAPictureAloneAsAmongOthers() {
        try (var learner = learner(1)) {
            var pictures = pictures();
            var first = Arrays.copyOf(pictures, pictures.length / PICTURES);

            var alone = learner.apply(first, 1).features();

            assertThat(Arrays.copyOf(learner.apply(pictures, PICTURES).features(), alone.length))
                    .containsExactly(alone, within(1e-4f));
        }
    }

    @Test
    void takesOneBandForEachOfItsChannels() {
        try (var learner = learner(1)) {
            int side = network().inputSize();
            var grey = Arrays.copyOf(pictures(), PICTURES * side * side);

            var output = learner.apply(grey, PICTURES);

            var wanted = learner.apply(network().inAllChannels(grey, PICTURES), PICTURES);
            assertThat(output.features()).containsExactly(wanted.features());
        }
    }

    @Test
    void beginsWithGivenWeightsAndRefusesStrangeOnes() {
        try (var learner = learner(1)) {
            var bias = TensorData.f32(new float[] {1, 2, 3, 4, 5}, 5);

            learner.begin(Map.of("classifier.bias", bias));

            assertThat(learner.weights()).containsEntry("classifier.bias", bias);
            assertThatThrownBy(() -> learner.begin(Map.of("none.weight", bias)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("none.weight");
        }
    }

    @Test
    void saysWhichWeightAFileLacks() throws IOException {
        SafetensorsWriter.write(
                folder.resolve(VisionEngine.WEIGHTS), Map.of("x", TensorData.f32(new float[1], 1)), Map.of());

        assertThatThrownBy(() -> engine().open(folder, network(), "cpu"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("weight");
    }

    private StageLearner learner(long seed) {
        return engine().learner(network(), LearnerConfig.of(seed));
    }

    private StageLearner averaging(long seed) {
        return engine().learner(network(), new LearnerConfig(seed, 0.05, 0.9, "cpu"));
    }

    private float[] pictures() {
        int side = network().inputSize();
        var pictures = new float[PICTURES * network().channels() * side * side];
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = (float) Math.sin(0.37 * (i % 8191) * (i % 8191));
        }
        return pictures;
    }

    private static float[] targets() {
        var targets = new float[PICTURES * 5];
        for (int i = 0; i < PICTURES; i++) {
            targets[5 * i + i] = 1;
        }
        return targets;
    }
}
