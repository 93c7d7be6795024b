package org.eegvlm.vision.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.VisionEngine;
import org.eegvlm.vision.render.EegImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxEngineTest {

    private static final int SIDE = 64;
    private static final NetworkConfig RESNET = NetworkConfig.of("resnet18", List.of(16, 32), List.of(1, 2), SIDE);

    @TempDir
    Path folder;

    static List<NetworkConfig> networks() {
        return List.of(
                RESNET,
                NetworkConfig.of("convnext_tiny", List.of(16, 32), List.of(1, 2), SIDE),
                NetworkConfig.of("convnext_base", List.of(16, 1024), List.of(1, 1), SIDE),
                NetworkConfig.of("vit_small", List.of(128), List.of(2), SIDE));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void makesTheNumbersOfTheEngineThatTrains(NetworkConfig network) throws IOException {
        write(network, 1);
        OnnxExport.run(folder, network, false);

        try (var djl = open("djl", "cpu");
                var onnx = open("onnx", "cpu")) {
            var pictures = List.of(picture(1), picture(2), picture(3));
            var wanted = djl.encode(pictures);
            var made = onnx.encode(pictures);
            for (int n = 0; n < pictures.size(); n++) {
                assertThat(made.features()[n])
                        .containsExactly(wanted.features()[n], within(1e-4f * largest(wanted.features()[n])));
                assertThat(made.probabilities()[n]).containsExactly(wanted.probabilities()[n], within(1e-4f));
            }
        }
    }

    @Test
    void refusesABackboneThatIsNotExported() throws IOException {
        var mamba = NetworkConfig.of("vim_tiny", List.of(32), List.of(1), SIDE);
        write(mamba, 1);

        assertThatThrownBy(() -> OnnxExport.run(folder, mamba, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vim_tiny");
        assertThat(folder.resolve(OnnxExport.FILE)).doesNotExist();
    }

    @Test
    void tellsHowToGetTheFileThatIsMissing() throws IOException {
        write(RESNET, 1);

        assertThatThrownBy(() -> open("onnx", "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("export-onnx");
    }

    @Test
    void refusesWhatWasExportedFromOtherWeights() throws IOException {
        write(RESNET, 1);
        OnnxExport.run(folder, RESNET, false);
        write(RESNET, 2);

        assertThatThrownBy(() -> open("onnx", "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("export-onnx --overwrite");
    }

    @Test
    void replacesAnExportOnRequestOnly() throws IOException {
        write(RESNET, 1);
        OnnxExport.run(folder, RESNET, false);
        var first = Files.readAllBytes(folder.resolve(OnnxExport.FILE));

        assertThatThrownBy(() -> OnnxExport.run(folder, RESNET, false)).isInstanceOf(OutputExistsException.class);
        assertThat(OnnxExport.run(folder, RESNET, true)).isLessThan(1e-4);
        assertThat(folder.resolve(OnnxExport.FILE)).hasBinaryContent(first);
    }

    @Test
    void keepsTheOlderFileWhereTheEnginesDiffer() throws IOException {
        write(RESNET, 1);
        OnnxExport.run(folder, RESNET, false);
        var older = Files.readAllBytes(folder.resolve(OnnxExport.FILE));
        breakWeights();

        assertThatThrownBy(() -> OnnxExport.run(folder, RESNET, true)).isInstanceOf(IllegalStateException.class);
        assertThat(folder.resolve(OnnxExport.FILE)).hasBinaryContent(older);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(OnnxExport.FILE, VisionEngine.WEIGHTS, "config.json");
        }
    }

    @Test
    void refusesAFileThatIsNoModel() throws IOException {
        write(RESNET, 1);
        Files.writeString(folder.resolve(OnnxExport.FILE), "no model");

        assertThatThrownBy(() -> open("onnx", "cpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot open");
    }

    @Test
    void refusesADeviceThatIsNone() throws IOException {
        write(RESNET, 1);
        OnnxExport.run(folder, RESNET, false);

        assertThatThrownBy(() -> open("onnx", "gpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cpu or cuda:N");
    }

    @Test
    void knowsNoMemoryButTheMachines() {
        assertThat(VisionEngine.named("onnx").memoryAtHand("cuda:0")).isEmpty();
    }

    @Test
    void saysThatItHasNoGpuHere() throws IOException {
        write(RESNET, 1);
        OnnxExport.run(folder, RESNET, false);

        assertThatThrownBy(() -> open("onnx", "cuda:0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ONNX Runtime has no cuda:0 here: build with -Pcuda on a machine with an NVIDIA GPU");
    }

    /** A model folder whose weights are all random, those that training starts at 0 and 1 too. */
    private void write(NetworkConfig network, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        var weights = new LinkedHashMap<String, TensorData>();
        try (var learner = VisionEngine.named("djl").learner(network, LearnerConfig.of(seed))) {
            learner.weights().forEach((name, tensor) -> weights.put(name, stirred(name, tensor, random)));
        }
        SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), weights, Map.of());
        OnnxContract.writeCard(folder, network);
    }

    /** Numbers that are none make every comparison fail. */
    private void breakWeights() throws IOException {
        var file = SafetensorsFile.open(folder.resolve(VisionEngine.WEIGHTS));
        var weights = new LinkedHashMap<String, TensorData>();
        for (var name : file.tensors().keySet()) {
            var values = file.floats(name);
            Arrays.fill(values, Float.NaN);
            weights.put(name, TensorData.f32(values, file.tensor(name).shape()));
        }
        SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), weights, Map.of());
    }

    private static TensorData stirred(String name, TensorData tensor, SplittableRandom random) {
        long[] shape = tensor.spec().shape();
        var values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            double noise = shape.length == 1 ? 0.3 * random.nextDouble() : 0;
            values[i] += (float) noise;
        }
        return TensorData.f32(values, shape);
    }

    private FeatureExtractor open(String engine, String device) throws IOException {
        return FeatureExtractor.open(
                folder, Execution.DEFAULT.withEngine(engine).withDevice(device));
    }

    private static EegImage picture(long seed) {
        var rgb = new byte[3 * SIDE * SIDE];
        new java.util.Random(seed).nextBytes(rgb);
        return new EegImage(SIDE, SIDE, rgb);
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
