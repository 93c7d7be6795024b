package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.VisionEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as torchvision names their tensors, and what its networks make of them: reference/make_backbones.py. */
class PretrainedWeightsTest {

    private static final VisionEngine ENGINE = VisionEngine.named(VisionEngine.DEFAULT);
    private static final NetworkConfig SMALL = NetworkConfig.of("convnext_tiny", List.of(8, 16), List.of(1, 1), 32);

    @TempDir
    Path folder;

    @Tag("reference")
    @ParameterizedTest
    @CsvSource({"convnext_tiny, '8,16,24,32', '1,2,1,1'", "vit_small, 128, 1", "resnet18, '8,16,24,32', '1,1,1,1'"})
    void bringTorchvisionsFeatures(String architecture, String widths, String depths) throws Exception {
        var network = NetworkConfig.of(architecture, numbers(widths), numbers(depths), 64);
        var golden = SafetensorsFile.open(Path.of(PretrainedWeightsTest.class
                .getResource(architecture + "_torchvision.safetensors")
                .toURI()));
        var file = folder.resolve("torchvision.safetensors");
        SafetensorsWriter.write(file, torchvisions(golden), Map.of());

        try (var learner = ENGINE.learner(network, LearnerConfig.of(0))) {
            learner.begin(head(learner.weights()));
            learner.begin(PretrainedWeights.read(file, network, learner.weights()));

            var features = learner.apply(pictures()).features();

            var wanted = golden.floats("features");
            for (int i = 0; i < wanted.length; i++) {
                assertThat(features[i]).isCloseTo(wanted[i], within(1e-4f * (float) largest(wanted)));
            }
        }
    }

    @Test
    void goOnFromAModelOfOursWithItsHead() throws Exception {
        var file = folder.resolve("model.safetensors");
        try (var trained = ENGINE.learner(SMALL, LearnerConfig.of(1));
                var next = ENGINE.learner(SMALL, LearnerConfig.of(2))) {
            SafetensorsWriter.write(file, trained.weights(), Map.of());

            next.begin(PretrainedWeights.read(file, SMALL, next.weights()));

            assertThat(next.weights()).isEqualTo(trained.weights());
        }
    }

    @Test
    void nameInOneLineWhatDoesNotFit() throws Exception {
        var file = folder.resolve("other.safetensors");
        try (var learner = ENGINE.learner(SMALL, LearnerConfig.of(1))) {
            var weights = new LinkedHashMap<>(learner.weights());
            weights.remove("stem.0.bias");
            weights.put("stem.2.weight", TensorData.f32(new float[1], 1));
            weights.put("head.norm.bias", TensorData.f32(new float[4], 4));
            SafetensorsWriter.write(file, weights, Map.of());

            assertThatThrownBy(() -> PretrainedWeights.read(file, SMALL, learner.weights()))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("convnext_tiny at 32 pixels")
                    .hasMessageContaining("lacks stem.0.bias")
                    .hasMessageContaining("beyond it stem.2.weight")
                    .hasMessageContaining("head.norm.bias [4] instead of [16]");
        }
    }

    @Test
    void haveSeenNobodyWhereTheConfigBesideThemIsNotOurs() throws Exception {
        var file = folder.resolve("model.safetensors");
        Files.writeString(folder.resolve("config.json"), "{\"architecture\": \"convnext_tiny\"}");
        SafetensorsWriter.write(file, Map.of("classifier.weight", TensorData.f32(new float[2000], 1000, 2)), Map.of());

        assertThat(SeenSubjects.by(file).all()).isEmpty();
    }

    @Test
    void bringTheirSubjectsAlongWithoutTheConfig() throws Exception {
        var file = folder.resolve("model.safetensors");
        var seen = new SeenSubjects(List.of("a"), List.of("b"));
        SafetensorsWriter.write(file, Map.of("x", TensorData.f32(new float[1], 1)), seen.metadata());

        assertThat(SeenSubjects.by(file)).isEqualTo(seen);
    }

    @Test
    void areFollowedThroughALinkToTheirConfig() throws Exception {
        var model = Files.createDirectories(folder.resolve("model"));
        SafetensorsWriter.write(
                model.resolve("model.safetensors"), Map.of("x", TensorData.f32(new float[1], 1)), Map.of());
        Files.writeString(model.resolve("config.json"), """
                {"network": {"architecture": "resnet18", "widths": [8], "depths": [1], "input_size": 224, "channels": 3,
                "feature_size": 8}, "picture": %s, "trained_on_subjects": ["a"], "validation_subjects": ["b"]}""".formatted(Json.line(Picture.DEFAULT.withSize(224))));
        var link = Files.createSymbolicLink(folder.resolve("link.safetensors"), model.resolve("model.safetensors"));

        assertThat(SeenSubjects.by(link).all()).containsExactly("a", "b");
    }

    @Test
    void areRefusedIfTheyTellStagesButNotWhomTheyHaveSeen() throws Exception {
        var file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, Map.of("classifier.weight", TensorData.f32(new float[10], 5, 2)), Map.of());

        assertThatThrownBy(() -> SeenSubjects.by(file))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("keep its config.json beside it");
    }

    /** The tensors that the golden file names, by the formula of the scripts. */
    private static Map<String, TensorData> torchvisions(SafetensorsFile golden) throws Exception {
        var shapes = Json.MAPPER.readValue(
                golden.metadata().get("shapes"), new TypeReference<LinkedHashMap<String, long[]>>() {});
        var weights = new LinkedHashMap<String, TensorData>();
        shapes.forEach((name, shape) -> weights.put(name, tensor(name, shape)));
        return weights;
    }

    private static Map<String, TensorData> head(Map<String, TensorData> weights) {
        var head = new LinkedHashMap<String, TensorData>();
        weights.forEach((name, tensor) -> {
            if (name.startsWith("projection.")) {
                head.put(name, tensor(name, tensor.spec().shape()));
            }
        });
        return head;
    }

    private static TensorData tensor(String name, long[] shape) {
        int size = 1;
        for (long side : shape) {
            size *= (int) side;
        }
        double scale = shape.length <= 1 ? 0.1 : Math.sqrt(2.0 * shape[0] / Math.max(1, size));
        var values = formula(size, name.length(), scale);
        boolean variance = name.endsWith("running_var");
        if (variance || shape.length == 1 && name.endsWith("weight")) {
            for (int i = 0; i < size; i++) {
                values[i] = (float) (1 + (variance ? 5 : 2) * values[i]);
            }
        }
        return TensorData.f32(values, shape);
    }

    private static PictureBatch pictures() {
        var levels = new byte[4 * 3 * 64 * 64];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(127.5 * (1 + wave(i, 2)));
        }
        var fromMinusOneToOne = new Picture(64, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
        return new PictureBatch(levels, 4, 3, fromMinusOneToOne);
    }

    private static float[] formula(int size, int phase, double scale) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (scale * wave(i, phase));
        }
        return values;
    }

    private static double wave(int i, int phase) {
        int j = i % 8191;
        return Math.sin(0.37 * (j * j) + phase);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static List<Integer> numbers(String list) {
        return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    }
}
