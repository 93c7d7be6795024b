package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.eegvlm.llava.TinyLlava.FUSE;
import static org.eegvlm.llava.TinyLlava.open;
import static org.eegvlm.llava.TinyLlava.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a LLaVA is read from. */
class LlavaFolderTest {

    private static final String LAST_OF_TOWER = "vision_model.encoder.layers.0.mlp.fc2.bias";

    @TempDir
    private static Path shared;

    private static Path base;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeBase() throws IOException {
        base = TinyLlava.in(shared.resolve("base"));
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
        var llama = TinyLlava.copy(base, folder.resolve("llama"));
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

    @ParameterizedTest
    @ValueSource(strings = {"model.mm_projector.2.bias", "model.layers.1.mlp.up_proj.weight"})
    void namesATensorThatIsMissing(String name) throws IOException {
        var other = copyOfBase();
        rewrite(other.resolve("model.safetensors"), tensors -> tensors.remove(name));

        assertThatThrownBy(() -> open(other))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(name);
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
            assertThat(model.answer(List.of(request("a", "Why?")), FUSE)).hasSize(1);
            assertThatThrownBy(() -> model.answer(List.of(request("a", "Why <extra>?")), FUSE))
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

    private Path copyOfBase() throws IOException {
        return TinyLlava.copy(base, folder.resolve("other"));
    }

    private Path loraFolder() throws IOException {
        var lora = Files.createDirectories(folder.resolve("lora"));
        try (var model = open(base);
                var adapter = LoraAdapter.fresh(LoraConfig.DEFAULT, model.decoder(), 1)) {
            adapter.save(lora, "base");
            model.projector().save(lora);
        }
        Files.copy(base.resolve("config.json"), lora.resolve("config.json"));
        return lora;
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
