package org.eegvlm.vision.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.NetworkConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small networks of each kind against timm, and Vision Mamba against plain loops: reference/make_backbones.py. */
@Tag("reference")
class BackbonesTest {

    @TempDir
    Path folder;

    enum Small {
        CONVNEXT("convnext_tiny", List.of(16, 24, 32, 48), List.of(1, 1, 2, 1)),
        VIT("vit_small", List.of(128), List.of(2)),
        VIM("vim_tiny", List.of(32), List.of(2)),
        /** Its numbers are held against torchvision's in {@link ResNet18Test}. */
        RESNET("resnet18", List.of(8, 16), List.of(1, 1));

        final NetworkConfig network;

        Small(String architecture, List<Integer> widths, List<Integer> depths) {
            network = NetworkConfig.of(architecture, widths, depths, Formula.SIDE);
        }

        SafetensorsFile golden() throws Exception {
            var file = name().toLowerCase(Locale.ROOT) + ".safetensors";
            return SafetensorsFile.open(
                    Path.of(BackbonesTest.class.getResource(file).toURI()));
        }

        StageTrainer learner() {
            var learner = new StageTrainer(StageNetwork.fresh(network, 0, "cpu"), 0, 0);
            learner.begin(Formula.weights(network));
            return learner;
        }
    }

    @ParameterizedTest
    @EnumSource(names = "RESNET", mode = EnumSource.Mode.EXCLUDE)
    void makeTheReferencesNumbers(Small small) throws Exception {
        var golden = small.golden();

        try (var learner = small.learner()) {
            var output = learner.apply(Formula.pictures(), Formula.PICTURES);

            Formula.assertClose(output.features(), golden.floats("features"), 1e-4);
            Formula.assertClose(output.logits(), golden.floats("logits"), 1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "RESNET", mode = EnumSource.Mode.EXCLUDE)
    void learnByTheReferencesGradientsOfEveryWeight(Small small) throws Exception {
        var golden = small.golden();

        var gradients = gradients(small);

        gradients.forEach((name, gradient) -> {
            var wanted = floats(golden, "gradient." + name);
            assertThat(norm(gradient)).as(name).isCloseTo(wanted[0], within(1e-3 * wanted[0] + 1e-7));
            assertThat(alongTheWave(gradient)).as(name).isCloseTo(wanted[1], within(2e-3 * wanted[0] + 1e-7));
        });
        assertThat(golden.tensors()).hasSize(3 + gradients.size());
    }

    /** Along its own gradient the loss must rise by the gradient's norm: a wrong gradient rises less. */
    @ParameterizedTest
    @EnumSource
    void haveTheGradientThatFiniteDifferencesTell(Small small) throws Exception {
        var weights = Formula.weights(small.network);
        try (var learner = small.learner()) {
            var classes = new HashSet<String>();
            for (var entry : gradients(small).entrySet()) {
                if (!classes.add(entry.getKey().replaceAll("\\d+", ""))) {
                    continue; // one of each kind
                }
                var weight = weights.get(entry.getKey());
                double norm = norm(entry.getValue());
                // ReLUs and the pool bend the loss: a small step there, else one that single precision can tell.
                double step = small == Small.RESNET ? 1e-3 : Math.min(0.1, 5e-3 / norm);

                double slope = (loss(learner, weight, entry, step / norm) - loss(learner, weight, entry, -step / norm))
                        / (2 * step);

                assertThat(slope).as(entry.getKey()).isCloseTo(norm, within(0.02 * norm + 1e-4));
            }
        }
    }

    @Test
    void needNoProjectionWhereTheOutputIsAsWideAsTheFeatures() {
        var network = new NetworkConfig("convnext_base", List.of(8, 16), List.of(1, 1), 32, 3, 16);

        try (var small = StageNetwork.fresh(network, 1, "cpu")) {
            assertThat(small.weights()).doesNotContainKey("projection.weight").containsKey("classifier.weight");
            assertThat(small.apply(new float[3 * 32 * 32], 1).features()).hasSize(16);
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

    /** Adam's first moment after one step is a tenth of the gradient. */
    private Map<String, float[]> gradients(Small small) throws IOException {
        var saved = folder.resolve("state.safetensors");
        try (var learner = small.learner()) {
            learner.step(Formula.pictures(), Formula.smoothedTargets(), Formula.PICTURES, 0);
            learner.save(saved, Map.of());
        }
        var state = SafetensorsFile.open(saved);
        var gradients = new LinkedHashMap<String, float[]>();
        for (var name : state.tensors().keySet()) {
            if (name.startsWith("first_moment.")) {
                var gradient = state.floats(name);
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] *= 10;
                }
                gradients.put(name.substring("first_moment.".length()), gradient);
            }
        }
        return gradients;
    }

    /** The loss with one weight moved along its gradient. */
    private static double loss(
            StageTrainer learner, TensorData weight, Map.Entry<String, float[]> gradient, double factor) {
        var name = gradient.getKey();
        var values = new float[gradient.getValue().length];
        weight.bytes().asFloatBuffer().get(values);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (factor * gradient.getValue()[i]);
        }
        learner.begin(Map.of(name, TensorData.f32(values, weight.spec().shape())));
        // At rate 0 a step only tells the loss, batch norms taking their statistics from these pictures.
        double loss = learner.step(Formula.pictures(), Formula.smoothedTargets(), Formula.PICTURES, 0);
        learner.begin(Map.of(name, weight));
        return loss;
    }

    private static float[] floats(SafetensorsFile file, String name) {
        try {
            return file.floats(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
