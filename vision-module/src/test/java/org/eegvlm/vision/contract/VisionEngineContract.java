package org.eegvlm.vision.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.LearnerState;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.StageLearner;
import org.eegvlm.vision.engine.VisionEngine;
import org.junit.jupiter.api.Test;

/** What holds for every engine that trains. */
public abstract class VisionEngineContract extends VisionEncoderContract {

    private static final String GRADIENT = "gradient.";
    private static final String RUNNING = "layer2.0.downsample.1.running_";

    protected VisionEngineContract(VisionEngine engine, GoldenNetwork golden) {
        super(engine, golden);
    }

    @Test
    void drawsTheSameFirstWeightsForTheSameSeedAsEveryEngine() {
        var config = LearnerConfig.of(5);
        try (var one = learner(5);
                var same = VisionEngine.named(VisionEngine.DEFAULT).learner(golden().small(), config);
                var other = learner(6)) {
            assertThat(one.weights()).isEqualTo(same.weights());
            assertThat(other.weights()).isNotEqualTo(one.weights());
        }
    }

    @Test
    void learnsWhatItIsShown() {
        try (var learner = learner(1)) {
            double before = step(learner, 1e-3);
            for (int i = 0; i < 5; i++) {
                step(learner, 1e-3);
            }

            assertThat(step(learner, 1e-3)).isLessThan(before);
            assertThat(learner.steps()).isEqualTo(7);
        }
    }

    @Test
    void countsATwofoldRowTwice() throws IOException {
        var twofold = Formula.smoothedTargets();
        for (int i = 0; i < twofold.length; i++) {
            twofold[i] *= 2;
        }
        try (var once = learner(1);
                var twice = learner(1)) {
            double loss = step(once, 0);

            assertThat(twice.step(Formula.pictures(), twofold, 0)).isCloseTo(2 * loss, within(1e-5));
            assertThat(norm(gradients(twice).get("classifier.bias")))
                    .isCloseTo(2 * norm(gradients(once).get("classifier.bias")), within(1e-5));
        }
    }

    @Test
    void goesOnToTheSameBitsFromASavedState() throws IOException {
        var state = folder.resolve("state.safetensors");
        try (var learner = averaging(1);
                var other = averaging(2)) {
            step(learner, 1e-3);
            learner.save(state, Map.of());
            step(learner, 1e-3);

            other.restore(SafetensorsFile.open(state));
            step(other, 1e-3);

            assertThat(other.weights()).isEqualTo(learner.weights());
            assertThat(other.steps()).isEqualTo(2);
        }
    }

    @Test
    void takesTheStepsOfTheDefaultEngine() throws IOException {
        var config = new LearnerConfig(1, 0.05, 0.9, "cpu");
        try (var learner = engine().learner(golden().small(), config);
                var wanted = VisionEngine.named(VisionEngine.DEFAULT).learner(golden().small(), config)) {
            for (int i = 0; i < 2; i++) {
                step(learner, 1e-3);
                step(wanted, 1e-3);
            }

            Formula.assertClose(
                    learner.apply(Formula.pictures()).logits(),
                    wanted.apply(Formula.pictures()).logits(),
                    2e-3);
        }
    }

    @Test
    void takesAStepInPartsAsTheDefaultEngineDoes() throws IOException {
        var inParts = new LearnerConfig(1, 0, 0, "cpu", 2);
        try (var learner = engine().learner(golden().small(), inParts);
                var wanted = VisionEngine.named(VisionEngine.DEFAULT).learner(golden().small(), inParts)) {
            assertThat(step(learner, 0)).isCloseTo(step(wanted, 0), within(1e-4));
            assertSameGradients(learner, wanted);
            Formula.assertClose(
                    learner.apply(Formula.pictures()).logits(),
                    wanted.apply(Formula.pictures()).logits(),
                    1e-3);
        }
    }

    @Test
    void learnsTheSameInPartsAsAtOnceWithoutBatchNorm() throws IOException {
        assumeFalse(engine().normsOverPictures(golden().small()), "batch norm knows of its part alone");
        try (var learner = engine().learner(golden().small(), new LearnerConfig(1, 0, 0, "cpu", 3));
                var whole = learner(1)) {
            assertThat(step(learner, 0)).isCloseTo(step(whole, 0), within(1e-5));
            assertSameGradients(learner, whole);
        }
    }

    private void assertSameGradients(StageLearner learner, StageLearner wanted) throws IOException {
        var gradients = gradients(learner);
        gradients(wanted).forEach((name, gradient) -> Formula.assertClose(gradients.get(name), gradient, 1e-3));
    }

    @Test
    void decaysTheWeightsThatTheDefaultEngineDecays() {
        var halving = new LearnerConfig(1, 500, 0, "cpu"); // a thousandth of it a step; Adam moves a weight by that
        try (var learner = engine().learner(golden().small(), halving);
                var wanted = VisionEngine.named(VisionEngine.DEFAULT).learner(golden().small(), halving)) {
            step(learner, 1e-3);
            step(wanted, 1e-3);

            var decayed = learner.weights();
            wanted.weights()
                    .forEach((name, tensor) -> assertThat(decayed.get(name).floats())
                            .as(name)
                            .containsExactly(tensor.floats(), within(3e-3f)));
        }
    }

    @Test
    void encodesFromAFolderWhatItLearnt() throws IOException {
        try (var learner = averaging(1)) {
            step(learner, 1e-3);
            SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), learner.weights(), Map.of());

            try (var encoder = engine().open(folder, golden().small(), "cpu")) {
                var wanted = learner.apply(Formula.pictures());
                var output = encoder.apply(Formula.pictures());

                assertThat(output.features()).containsExactly(wanted.features(), within(1e-5f));
                assertThat(output.logits())
                        .hasSize(Formula.PICTURES * 5)
                        .containsExactly(wanted.logits(), within(1e-5f));
            }
        }
    }

    @Test
    void beginsWithGivenWeightsAndRefusesStrangeOnes() {
        try (var learner = averaging(1)) {
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

        assertThatThrownBy(() -> engine().open(folder, golden().small(), "cpu"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("it has no tensor");
    }

    @Test
    void learnsByTheReferencesGradients() throws IOException {
        var numbers = golden().numbers();
        try (var learner = formula(golden().network())) {
            double loss = step(learner, 0);
            var gradients = gradients(learner);

            if (numbers.tensors().containsKey("loss")) {
                assertThat(loss).isCloseTo(numbers.floats("loss")[0], within(1e-5));
            }
            for (var name : numbers.tensors().keySet()) {
                if (name.startsWith(GRADIENT)) {
                    var gradient = gradients.get(name.substring(GRADIENT.length()));
                    assertThat(gradient).as(name).isNotNull();
                    compare(name, gradient, numbers.floats(name));
                }
            }
        }
    }

    /** Large gradients are told by their norm and how far they go along a wave. */
    private static void compare(String name, float[] gradient, float[] wanted) {
        if (wanted.length == gradient.length) {
            Formula.assertClose(gradient, wanted, 1e-3);
            return;
        }
        assertThat(norm(gradient)).as(name).isCloseTo(wanted[0], within(1e-3 * wanted[0] + 1e-7));
        assertThat(alongTheWave(gradient)).as(name).isCloseTo(wanted[1], within(2e-3 * wanted[0] + 1e-7));
    }

    @Test
    void keepsAndAveragesTheReferencesRunningStatistics() throws IOException {
        var numbers = golden().numbers();
        assumeTrue(numbers.tensors().containsKey("running_mean"), "a network without running statistics");
        var first = Formula.weights(golden().network());
        try (var learner = engine().learner(golden().network(), new LearnerConfig(0, 0, 0.9, "cpu"))) {
            learner.begin(first);
            step(learner, 1e-3);
            var state = state(learner);

            for (var statistic : new String[] {"mean", "var"}) {
                var expected = numbers.floats("running_" + statistic);
                Formula.assertClose(state.floats(LearnerState.MODEL + RUNNING + statistic), expected, 1e-5);
                var before = first.get(RUNNING + statistic).floats();
                for (int i = 0; i < expected.length; i++) { // the first decay is 2/11
                    expected[i] = (9 * expected[i] + 2 * before[i]) / 11;
                }
                Formula.assertClose(learner.weights().get(RUNNING + statistic).floats(), expected, 1e-5);
            }
        }
    }

    /** Along its own gradient the loss must rise by the gradient's norm: a wrong gradient rises less. */
    @Test
    void hasTheGradientThatFiniteDifferencesTell() throws IOException {
        var weights = Formula.weights(golden().small());
        try (var learner = formula(golden().small())) {
            step(learner, 0);
            var classes = new HashSet<String>();
            for (var entry : gradients(learner).entrySet()) {
                if (!classes.add(entry.getKey().replaceAll("\\d+", ""))) {
                    continue; // one of each kind
                }
                var weight = weights.get(entry.getKey());
                double norm = norm(entry.getValue());
                // ReLUs and the pool bend the loss: a small step there, else one that single precision can tell.
                double step = golden() == GoldenNetwork.RESNET18 ? 1e-3 : Math.min(0.1, 5e-3 / norm);

                double slope = (loss(learner, weight, entry, step / norm) - loss(learner, weight, entry, -step / norm))
                        / (2 * step);

                assertThat(slope).as(entry.getKey()).isCloseTo(norm, within(0.02 * norm + 1e-4));
            }
        }
    }

    /** The loss with one weight moved along its gradient. */
    private static double loss(
            StageLearner learner, TensorData weight, Map.Entry<String, float[]> gradient, double factor) {
        var values = weight.floats();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (factor * gradient.getValue()[i]);
        }
        learner.begin(
                Map.of(gradient.getKey(), TensorData.f32(values, weight.spec().shape())));
        // At rate 0 a step only tells the loss, batch norms taking their statistics from these pictures.
        double loss = step(learner, 0);
        learner.begin(Map.of(gradient.getKey(), weight));
        return loss;
    }

    private static double step(StageLearner learner, double rate) {
        return learner.step(Formula.pictures(), Formula.smoothedTargets(), rate);
    }

    /** Of its first step: Adam's first moment is a tenth of the gradient then. */
    private Map<String, float[]> gradients(StageLearner learner) throws IOException {
        var state = state(learner);
        var gradients = new LinkedHashMap<String, float[]>();
        for (var name : state.tensors().keySet()) {
            if (name.startsWith(LearnerState.FIRST_MOMENT)) {
                var gradient = state.floats(name);
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] *= 10;
                }
                gradients.put(name.substring(LearnerState.FIRST_MOMENT.length()), gradient);
            }
        }
        return gradients;
    }

    private SafetensorsFile state(StageLearner learner) throws IOException {
        var saved = folder.resolve("state.safetensors");
        learner.save(saved, Map.of());
        return SafetensorsFile.open(saved);
    }

    private StageLearner formula(NetworkConfig network) {
        var learner = engine().learner(network, LearnerConfig.of(0));
        learner.begin(Formula.weights(network));
        return learner;
    }

    private StageLearner learner(long seed) {
        return engine().learner(golden().small(), LearnerConfig.of(seed));
    }

    private StageLearner averaging(long seed) {
        return engine().learner(golden().small(), new LearnerConfig(seed, 0.05, 0.9, "cpu"));
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    private static double alongTheWave(float[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * Formula.wave(i, 2);
        }
        return sum;
    }
}
