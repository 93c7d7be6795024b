package org.eegvlm.vision.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.NetworkConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against torchvision; the golden file is made by reference/make_resnet18.py. */
@Tag("reference")
class ResNet18Test {

    private static final String FORMULA = "formula.safetensors";
    private static final NetworkConfig NETWORK = new ResNet18().network(Formula.SIDE);

    @TempDir
    static Path folder;

    private static StageNetwork network;
    private static SafetensorsFile golden;

    @BeforeAll
    static void loadFormulaWeights() throws Exception {
        golden = SafetensorsFile.open(
                Path.of(ResNet18Test.class.getResource("resnet18.safetensors").toURI()));
        network = StageNetwork.of(NETWORK, SafetensorsFile.open(formulaWeights()), "cpu");
    }

    @AfterAll
    static void close() {
        network.close();
    }

    @Test
    void makesTorchvisionsNumbers() throws IOException {
        var output = network.apply(Formula.pictures(), Formula.PICTURES);

        Formula.assertClose(output.features(), golden.floats("features"), 1e-4);
        Formula.assertClose(output.logits(), golden.floats("logits"), 1e-4);
    }

    @Test
    void learnsByPyTorchsGradientsAndKeepsItsRunningStatistics() throws IOException {
        var saved = folder.resolve("state.safetensors");
        double loss;
        var copy = StageNetwork.of(NETWORK, SafetensorsFile.open(folder.resolve(FORMULA)), "cpu");
        try (var trainer = new StageTrainer(copy, 0, 0)) {
            loss = trainer.step(Formula.pictures(), Formula.smoothedTargets(), Formula.PICTURES, 1e-3);
            trainer.save(saved, Map.of());
        }
        var state = SafetensorsFile.open(saved);

        Formula.assertClose(new float[] {(float) loss}, golden.floats("loss"), 1e-5);
        // Adam's first moment after one step is a tenth of the gradient.
        for (var name : new String[] {"conv1.weight", "layer4.1.bn2.weight", "classifier.bias"}) {
            var gradient = state.floats("first_moment." + name);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= 10;
            }
            Formula.assertClose(gradient, golden.floats("gradient." + name), 1e-3);
        }
        Formula.assertClose(
                state.floats("model.layer2.0.downsample.1.running_mean"), golden.floats("running_mean"), 1e-5);
        Formula.assertClose(
                state.floats("model.layer2.0.downsample.1.running_var"), golden.floats("running_var"), 1e-5);
    }

    @Test
    void averagesRunningStatisticsWithTheWeights() throws IOException {
        var name = "layer2.0.downsample.1.running_mean";
        var first = SafetensorsFile.open(folder.resolve(FORMULA));
        try (var trainer = new StageTrainer(StageNetwork.of(NETWORK, first, "cpu"), 0, 0.9)) {
            trainer.step(Formula.pictures(), Formula.smoothedTargets(), Formula.PICTURES, 1e-3);

            var averaged = new float[golden.floats("running_mean").length];
            trainer.weights().get(name).bytes().asFloatBuffer().get(averaged);
            var expected = golden.floats("running_mean");
            for (int i = 0; i < expected.length; i++) { // the first decay is 2/11
                expected[i] = (9 * expected[i] + 2 * first.floats(name)[i]) / 11;
            }
            Formula.assertClose(averaged, expected, 1e-5);
        }
    }

    @Test
    void namesTheWeightThatIsMissing() throws IOException {
        var weights = new LinkedHashMap<>(network.weights());
        weights.remove("layer3.0.conv1.weight");
        var file = folder.resolve("incomplete.safetensors");
        SafetensorsWriter.write(file, weights, Map.of());

        assertThatThrownBy(() -> StageNetwork.of(NETWORK, SafetensorsFile.open(file), "cpu"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("layer3.0.conv1.weight");
    }

    @Test
    void drawsTheSameFirstWeightsForTheSameSeed() {
        try (var one = StageNetwork.fresh(NETWORK, 5, "cpu");
                var same = StageNetwork.fresh(NETWORK, 5, "cpu");
                var other = StageNetwork.fresh(NETWORK, 6, "cpu")) {
            assertThat(same.weights()).isEqualTo(one.weights());
            assertThat(other.weights()).isNotEqualTo(one.weights());
        }
    }

    private static Path formulaWeights() throws IOException {
        var file = folder.resolve(FORMULA);
        SafetensorsWriter.write(file, Formula.weights(NETWORK), Map.of());
        return file;
    }
}
