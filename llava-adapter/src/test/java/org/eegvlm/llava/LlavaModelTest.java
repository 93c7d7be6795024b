package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.llava.write.NanoLlavaTest;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LlavaModelTest {

    private static final String QUESTION = "Which sleep stage does this EEG epoch show, and why?";
    private static final String LAST_OF_TOWER = "vision_model.encoder.layers.0.mlp.fc2.bias";
    private static final int WIDTH = NanoLlavaTest.TOWER.width();
    private static final AnswerOptions FUSE = new AnswerOptions(Conversation.V1, FeatureMode.FUSE, 6);

    @TempDir
    static Path folder;

    private static Path base;

    @BeforeAll
    static void makeBase() throws IOException {
        base = folder.resolve("base");
        NanoLlava.create(new NanoConfig(base, 5, NanoLlavaTest.DECODER, NanoLlavaTest.TOWER, false));
    }

    @BeforeEach
    void forget() throws IOException {
        Output.deleteTree(folder.resolve("other"));
    }

    @Test
    void answersEachQuestionAlikeAloneAndInABatch() throws IOException {
        try (var model = open(base)) {
            var requests = List.of(request("a", 1), request("b", 2), new VqaRequest("c", List.of(), noRow(), "Why?"));

            var together = model.answer(requests, FUSE);

            for (int n = 0; n < requests.size(); n++) {
                var alone = model.answer(List.of(requests.get(n)), FUSE).get(0);
                assertThat(together.get(n).tokens()).isEqualTo(alone.tokens());
                assertThat(together.get(n).id()).isEqualTo(requests.get(n).id());
            }
        }
    }

    @Test
    void weighsAClosedSet() throws IOException {
        var stages = new ClosedSet("The stage is", List.of(" Wake", " N1", " N2", " N3", " REM"));
        try (var model = open(base)) {
            var answer = model.answer(List.of(request("a", 1)), FUSE.withClosedSet(stages))
                    .get(0);

            assertThat(answer.probabilities()).hasSize(5).allMatch(p -> p > 0);
            assertThat(answer.probabilities().stream().mapToDouble(p -> p).sum())
                    .isEqualTo(1, Offset.offset(1e-9));
            assertThat(answer.tokens())
                    .isEqualTo(
                            model.answer(List.of(request("a", 1)), FUSE).get(0).tokens());
        }
    }

    @Test
    void letsTheFeatureRowReachTheSecondPictureOnly() throws IOException {
        try (var model = open(base);
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var prompt = new PromptTokenizer(model.tokenizer(), Conversation.V1).prompt("a", 2, QUESTION);
            var layout = SpliceLayout.of(List.of(prompt), FeatureMode.FUSE, 4, 256);
            var pictures = model.towerFeatures(List.of(picture(1)));

            var one = model.splice(layout, pictures, model.featureRows(List.of(row(1))));
            var other = model.splice(layout, pictures, model.featureRows(List.of(row(2))));

            var change = one.sub(other).abs().max(new int[] {2}).toFloatArray();
            for (int t = 0; t < layout.length(); t++) {
                assertThat(change[t] > 0).isEqualTo(layout.source()[0][t] >= 4);
            }
            assertThat(one.getShape()).isEqualTo(new Shape(1, layout.length(), 32));
        }
    }

    @ParameterizedTest
    @EnumSource(FeatureMode.class)
    void answersInEveryMode(FeatureMode mode) throws IOException {
        try (var model = open(base)) {
            var answers = model.answer(List.of(request("a", 1)), new AnswerOptions(Conversation.V1, mode, 3));

            assertThat(answers).hasSize(1);
            assertThat(answers.get(0).tokens()).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void keepsTowerFeaturesTheSameInAnyBatch() throws IOException {
        try (var model = open(base);
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var pictures =
                    IntStream.range(0, 19).mapToObj(LlavaModelTest::picture).toList();

            var all = model.towerFeatures(pictures);

            assertThat(all.getShape()).isEqualTo(new Shape(19, 4, WIDTH));
            assertThat(all.get("17:18").toFloatArray())
                    .containsExactly(model.towerFeatures(List.of(picture(17))).toFloatArray(), Offset.offset(1e-5f));
        }
    }

    @Test
    void computesInBfloat16Too() throws IOException {
        try (var model =
                LlavaModel.open(base, Optional.empty(), LoadOptions.on("cpu").withType(DataType.BFLOAT16))) {
            assertThat(model.answer(List.of(request("a", 1)), FUSE)).hasSize(1);
        }
    }

    @Test
    void opensALoraFolderOverItsBase() throws IOException {
        var lora = loraFolder();
        try (var plain = open(base);
                var adapted = LlavaModel.open(lora, Optional.of(base), LoadOptions.on("cpu"))) {
            assertThat(adapted.adapter()).isPresent();
            assertThat(adapted.answer(List.of(request("a", 1)), FUSE).get(0).tokens())
                    .isEqualTo(
                            plain.answer(List.of(request("a", 1)), FUSE).get(0).tokens());
        }
    }

    @Test
    void opensALoraFolderOverAPlainLlama() throws IOException {
        var lora = loraFolder();
        var llama = copyOf(base, "llama");
        var config = (ObjectNode) Json.readTree(llama.resolve("config.json"));
        config.remove(List.of("mm_vision_tower", "mm_hidden_size"));
        config.put("rms_norm_eps", 1e-6);
        Json.write(llama.resolve("config.json"), config);
        rewrite(
                llama.resolve("model.safetensors"),
                tensors -> tensors.keySet().removeIf(name -> name.contains("mm_projector")));

        try (var model = LlavaModel.open(lora, Optional.of(llama), LoadOptions.on("cpu"))) {
            assertThat(model.answer(List.of(request("a", 1)), FUSE)).hasSize(1);
            assertThat(model.config().llama().rmsNormEpsilon()).isEqualTo(1e-6);
        }
    }

    @Test
    void refusesALoraFolderWithoutItsProjector() throws IOException {
        var lora = loraFolder();
        Files.delete(lora.resolve("non_lora_trainables.bin"));

        assertThatThrownBy(() -> LlavaModel.open(lora, Optional.of(base), LoadOptions.on("cpu")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("no non_lora_trainables.bin: the projector is missing");
    }

    @Test
    void opensAProjectorOverItsBase() throws IOException {
        var projector = loraFolder();
        Files.delete(projector.resolve("adapter_config.json"));
        Files.move(projector.resolve("non_lora_trainables.bin"), projector.resolve("mm_projector.bin"));

        try (var model = LlavaModel.open(projector, Optional.of(base), LoadOptions.on("cpu"))) {
            assertThat(model.adapter()).isEmpty();
            assertThat(model.answer(List.of(request("a", 1)), FUSE)).hasSize(1);
        }
    }

    /** PEFT alone, on transformers' own LLaVA, trains no projector and so saves none. */
    @Test
    void keepsTheProjectorOfTheBaseUnderAnAdapterOfTransformers() throws IOException {
        var lora = loraFolder();
        Files.delete(lora.resolve("non_lora_trainables.bin"));
        Files.delete(lora.resolve("config.json"));
        rewrite(lora.resolve("adapter_model.safetensors"), tensors -> {
            for (var name : List.copyOf(tensors.keySet())) {
                tensors.put(name.replace("model.model.", "model.model.language_model."), tensors.remove(name));
            }
        });

        try (var model = LlavaModel.open(lora, Optional.of(base), LoadOptions.on("cpu"));
                var plain = open(base)) {
            assertThat(model.projector().parameters().get(0).toFloatArray())
                    .isEqualTo(plain.projector().parameters().get(0).toFloatArray());
        }
    }

    @Test
    void refusesABaseForAModelThatIsNoLoraFolder() {
        assertThatThrownBy(() -> LlavaModel.open(base, Optional.of(base), LoadOptions.on("cpu")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it takes no base");
    }

    @Test
    void namesATensorThatIsMissing() throws IOException {
        for (var name : List.of("model.mm_projector.2.bias", "model.layers.1.mlp.up_proj.weight")) {
            var other = copyOfBase();
            rewrite(other.resolve("model.safetensors"), tensors -> tensors.remove(name));

            assertThatThrownBy(() -> open(other))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void letsGoOfItsFilesWhenItCloses() throws IOException {
        var maps = Path.of("/proc/self/maps");
        assumeThat(maps).as("only Linux lists what is mapped").exists();

        open(base).close();

        assertThat(Files.readString(maps)).doesNotContain(base.toString());
    }

    @Test
    void letsGoOfItsFilesWhenATensorIsMissing() throws IOException {
        var maps = Path.of("/proc/self/maps");
        assumeThat(maps).as("only Linux lists what is mapped").exists();
        var other = copyOfBase();
        rewrite(other.resolve("clip/model.safetensors"), tensors -> tensors.remove(LAST_OF_TOWER));

        assertThatThrownBy(() -> open(other)).hasMessageContaining(LAST_OF_TOWER);

        assertThat(Files.readString(maps)).doesNotContain(other.toString());
    }

    @Test
    void refusesOnlyThePromptThatNeedsATokenWithoutEmbedding() throws IOException {
        var other = copyOfBase();
        int words;
        try (var model = open(other)) {
            words = model.tokenizer().vocabularySize();
        }
        Files.writeString(other.resolve("added_tokens.json"), "{\"<extra>\": %d}".formatted(words));

        try (var model = open(other)) {
            assertThat(model.answer(List.of(asking("Why?")), FUSE)).hasSize(1);
            assertThatThrownBy(() -> model.answer(List.of(asking("Why <extra>?")), FUSE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the token %d is none of this model's %d".formatted(words, words));
        }
    }

    @Test
    void refusesTokensAroundPicturesThatItDoesNotPut() throws IOException {
        var other = copyOfBase();
        var config = other.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"mm_use_im_start_end\" : false", "\"mm_use_im_start_end\" : true"));

        assertThatThrownBy(() -> open(other))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("field 'mm_use_im_start_end'");
    }

    @Test
    void refusesAStandardDeviationOfZero() throws IOException {
        var other = copyOfBase();
        Files.writeString(other.resolve("clip/preprocessor_config.json"), "{\"image_std\": [0.2, 0, 0.2]}");

        assertThatThrownBy(() -> open(other))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("preprocessor_config.json, field 'image_std'");
    }

    @Test
    void refusesATowerForPicturesWithoutBounds() throws IOException {
        var other = copyOfBase();
        var config = other.resolve("clip/config.json");
        Files.writeString(
                config, Files.readString(config).replaceAll("\"image_size\" : \\d+", "\"image_size\" : 1835008"));

        assertThatThrownBy(() -> open(other))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("image_size must be in 1..4096, was 1835008");
    }

    @Test
    void readsATowerInsideTheModelsOwnFiles() throws IOException {
        var other = copyOfBase();
        var tower = SafetensorsFile.open(other.resolve("clip/model.safetensors"));
        rewrite(other.resolve("model.safetensors"), tensors -> {
            for (var name : tower.tensors().keySet()) {
                tensors.put("model.vision_tower.vision_tower." + name, data(tower, name));
            }
        });
        Files.delete(other.resolve("clip/model.safetensors"));

        try (var same = open(other);
                var model = open(base)) {
            assertThat(same.answer(List.of(request("a", 1)), FUSE).get(0).tokens())
                    .isEqualTo(
                            model.answer(List.of(request("a", 1)), FUSE).get(0).tokens());
        }
    }

    @Test
    void refusesATowerThatIsNotHere() throws IOException {
        var other = copyOfBase();
        var config = other.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"clip\"", "\"openai/clip-vit-large-patch14-336\""));

        assertThatThrownBy(() -> open(other))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("no model folder 'openai/clip-vit-large-patch14-336'");
    }

    @Test
    void refusesAPromptThatIsTooLong() throws IOException {
        try (var model = open(base)) {
            var request = new VqaRequest("long", List.of(), noRow(), "why ".repeat(300));

            assertThatThrownBy(() -> model.answer(List.of(request), FUSE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("sample long: a prompt of 3\\d\\d tokens .* exceed the model's 256 positions");
        }
    }

    @Test
    void refusesAQuestionWithoutItsFeatureRow() throws IOException {
        try (var model = open(base)) {
            var request = new VqaRequest("a", List.of(picture(1), picture(1)), noRow(), QUESTION);

            assertThatThrownBy(() -> model.answer(List.of(request), FUSE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("sample a has no feature row; mode fuse needs one");
        }
    }

    private static LlavaModel open(Path path) throws IOException {
        return LlavaModel.open(path, Optional.empty(), LoadOptions.on("cpu"));
    }

    private static VqaRequest asking(String question) {
        return new VqaRequest("a", List.of(), noRow(), question);
    }

    private static VqaRequest request(String id, int seed) {
        return new VqaRequest(id, List.of(picture(seed), picture(seed)), Optional.of(row(seed)), QUESTION);
    }

    private static RgbImage picture(int seed) {
        var rgb = new byte[40 * 28 * 3];
        new SplittableRandom(seed).nextBytes(rgb);
        return new RgbImage(40, 28, rgb);
    }

    private static float[] row(int seed) {
        var random = new SplittableRandom(seed);
        var row = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    private static Optional<float[]> noRow() {
        return Optional.empty();
    }

    private static Path loraFolder() throws IOException {
        var lora = Files.createDirectories(folder.resolve("other"));
        try (var model = open(base);
                var adapter = LoraAdapter.fresh(LoraConfig.DEFAULT, model.decoder(), 1)) {
            adapter.save(lora, "base");
            model.projector().save(lora);
        }
        Files.copy(base.resolve("config.json"), lora.resolve("config.json"));
        return lora;
    }

    private static Path copyOfBase() throws IOException {
        return copyOf(base, "other");
    }

    private static Path copyOf(Path model, String name) throws IOException {
        var other = folder.resolve(name);
        Output.deleteTree(other);
        try (var walk = Files.walk(model)) {
            for (var path : walk.toList()) {
                Files.copy(path, other.resolve(model.relativize(path).toString()));
            }
        }
        return other;
    }

    private interface Edit {
        void on(Map<String, TensorData> tensors) throws IOException;
    }

    private static void rewrite(Path file, Edit edit) throws IOException {
        var read = SafetensorsFile.open(file);
        var tensors = new HashMap<String, TensorData>();
        for (var name : read.tensors().keySet()) {
            tensors.put(name, data(read, name));
        }
        edit.on(tensors);
        Files.delete(file);
        SafetensorsWriter.write(file, tensors, Map.of());
    }

    private static TensorData data(SafetensorsFile file, String name) throws IOException {
        return TensorData.f32(file.floats(name), file.tensor(name).shape());
    }
}
