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
import org.eegvlm.tensor.TensorData;
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
    private static final int PICTURES = 4;
    private static final int SIDE = 64;
    private static final NetworkConfig NETWORK = new ResNet18().network(SIDE);
    private static final int[] STAGES = {0, 2, 3, 4};

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
        var output = network.apply(pictures(), PICTURES);

        assertClose(output.features(), golden.floats("features"), 1e-4);
        assertClose(output.logits(), golden.floats("logits"), 1e-4);
    }

    @Test
    void learnsByPyTorchsGradientsAndKeepsItsRunningStatistics() throws IOException {
        var saved = folder.resolve("state.safetensors");
        double loss;
        var copy = StageNetwork.of(NETWORK, SafetensorsFile.open(folder.resolve(FORMULA)), "cpu");
        try (var trainer = new StageTrainer(copy, 0)) {
            loss = trainer.step(pictures(), smoothedTargets(), PICTURES, 1e-3);
            trainer.save(saved, Map.of());
        }
        var state = SafetensorsFile.open(saved);

        assertClose(new float[] {(float) loss}, golden.floats("loss"), 1e-5);
        // Adam's first moment after one step is a tenth of the gradient.
        for (var name : new String[] {"conv1.weight", "layer4.1.bn2.weight", "classifier.bias"}) {
            var gradient = state.floats("first_moment." + name);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= 10;
            }
            assertClose(gradient, golden.floats("gradient." + name), 1e-3);
        }
        assertClose(state.floats("model.layer2.0.downsample.1.running_mean"), golden.floats("running_mean"), 1e-5);
        assertClose(state.floats("model.layer2.0.downsample.1.running_var"), golden.floats("running_var"), 1e-5);
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
        var weights = new LinkedHashMap<String, TensorData>();
        try (var fresh = StageNetwork.fresh(NETWORK, 0, "cpu")) {
            fresh.weights()
                    .forEach((name, tensor) -> weights.put(
                            name,
                            TensorData.f32(
                                    formula(name, tensor.spec().shape()),
                                    tensor.spec().shape())));
        }
        var file = folder.resolve(FORMULA);
        SafetensorsWriter.write(file, weights, Map.of());
        return file;
    }

    private static float[] formula(String name, long[] shape) {
        int size = 1;
        for (long side : shape) {
            size *= (int) side;
        }
        double scale = Math.sqrt(2.0 * shape[0] / size);
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            double wave = wave(i, name.length());
            if (name.endsWith("running_var")) {
                values[i] = (float) (1 + 0.5 * wave);
            } else if (shape.length == 1 && name.endsWith("weight")) {
                values[i] = (float) (1 + 0.2 * wave);
            } else {
                values[i] = (float) ((shape.length == 1 ? 0.1 : scale) * wave);
            }
        }
        return values;
    }

    private static float[] pictures() {
        var values = new float[PICTURES * 3 * SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wave(i, 1);
        }
        return values;
    }

    private static double wave(int i, int phase) {
        int j = i % 8191;
        return Math.sin(0.37 * (j * j) + phase);
    }

    private static float[] smoothedTargets() {
        var targets = new float[PICTURES * 5];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = i % 5 == STAGES[i / 5] ? 0.92f : 0.02f;
        }
        return targets;
    }

    /** @param tolerance of the largest wanted value: convolutions sum in another order on other processors */
    private static void assertClose(float[] actual, float[] wanted, double tolerance) {
        assertThat(actual).hasSameSizeAs(wanted);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, Math.abs(wanted[i] - actual[i]));
        }
        assertThat(difference).isLessThanOrEqualTo(tolerance * largest);
    }
}
