package org.eegvlm.llava.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.eegvlm.checkpoint.CheckpointWriter;
import org.eegvlm.checkpoint.StoredType;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.llava.LogitsOf;
import org.eegvlm.llava.TinyLlava;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConversionTest {

    private static final String EMBEDDINGS = "model.embed_tokens.weight";
    private static final int WORDS = NanoVocabulary.pieces().size();
    private static final int WIDTH = TinyLlava.DECODER.hidden();

    @TempDir
    private static Path shared;

    private static Path base;
    private static Path hf;

    @TempDir
    private Path folder;

    @BeforeAll
    static void convertOnce() throws IOException {
        hf = shared.resolve("hf");
        base = TinyLlava.in(shared.resolve("base"));
        convert(base, hf, ModelLayout.HF, "keep");
    }

    @Test
    void goesThereAndBackToTheBit() throws IOException {
        convert(hf, folder.resolve("back"), ModelLayout.ORIGINAL, "keep");

        assertThat(WrittenModel.tensors(folder.resolve("back"))).isEqualTo(WrittenModel.tensors(base));
        assertThat(WrittenModel.tensors(folder.resolve("back/vision-tower")))
                .isEqualTo(WrittenModel.tensors(base.resolve("clip")));
    }

    @Test
    void bringsTheConfigurationBack() throws IOException {
        convert(hf, folder.resolve("back"), ModelLayout.ORIGINAL, "keep");

        var back = Json.readTree(folder.resolve("back/config.json"));
        for (var field : Json.readTree(base.resolve("config.json")).properties()) {
            if (!field.getKey().equals("mm_vision_tower")) {
                assertThat(back.get(field.getKey())).as(field.getKey()).isEqualTo(field.getValue());
            }
        }
        assertThat(back.path("mm_vision_tower").asText()).isEqualTo("vision-tower");
        assertThat(Json.readTree(folder.resolve("back/vision-tower/preprocessor_config.json")))
                .isEqualTo(Json.readTree(base.resolve("clip/preprocessor_config.json")));
        assertThat(Json.readTree(folder.resolve("back/tokenizer_config.json")).path("pad_token"))
                .isEqualTo(Json.readTree(base.resolve("tokenizer_config.json")).path("pad_token"));
    }

    @Test
    void answersAlikeInEveryLayout() throws IOException {
        convert(hf, folder.resolve("back"), ModelLayout.ORIGINAL, "keep");

        var logits = LogitsOf.model(base, Optional.empty());
        assertThat(LogitsOf.model(folder.resolve("back"), Optional.empty())).isEqualTo(logits);
        var ofHf = LogitsOf.model(hf, Optional.empty());
        int rows = logits.length / WORDS;
        int wide = ofHf.length / rows;
        for (int at = 0; at < rows; at++) {
            assertThat(Arrays.copyOfRange(ofHf, at * wide, at * wide + WORDS))
                    .containsExactly(Arrays.copyOfRange(logits, at * WORDS, (at + 1) * WORDS), Offset.offset(1e-5f));
        }
    }

    @Test
    void namesTensorsAsTransformersDoes() throws IOException {
        assertThat(SafetensorsFile.open(hf.resolve("model.safetensors")).tensors())
                .containsKeys(
                        "language_model.model.embed_tokens.weight",
                        "language_model.lm_head.weight",
                        "multi_modal_projector.linear_2.bias",
                        "vision_tower.vision_model.pre_layrnorm.weight");
    }

    @Test
    void addsRowsForPicturesAsTheMeanOfTheOthers() throws IOException {
        var words = WrittenModel.floats(base, EMBEDDINGS);
        var rows = WrittenModel.floats(hf, EMBEDDINGS);

        assertThat(rows.length / WIDTH).isEqualTo((WORDS + 2 + 63) / 64 * 64);
        assertThat(List.of(rows[3], rows[WIDTH * WORDS - 1])).containsExactly(words[3], words[WIDTH * WORDS - 1]);
        double mean = 0;
        for (int word = 0; word < WORDS; word++) {
            mean += words[word * WIDTH + 7] / WORDS;
        }
        assertThat(rows[WORDS * WIDTH + 7]).isEqualTo(rows[rows.length - WIDTH + 7]);
        assertThat((double) rows[WORDS * WIDTH + 7]).isCloseTo(mean, Offset.offset(1e-8));
    }

    @Test
    void teachesTheTokenizerThePicture() throws IOException {
        var config = Json.readTree(hf.resolve("config.json"));

        assertThat(config.path("image_token_index").asInt()).isEqualTo(WORDS);
        assertThat(config.path("pad_token_id").asInt()).isEqualTo(WORDS + 1);
        assertThat(Json.readTree(hf.resolve("added_tokens.json"))
                        .path("<image>")
                        .asInt())
                .isEqualTo(WORDS);
        try (var tokenizer = LlamaTokenizer.load(hf);
                var original = LlamaTokenizer.load(base)) {
            assertThat(tokenizer.encode("The stage is N2.")).isEqualTo(original.encode("The stage is N2."));
        }
    }

    @Test
    void writesTheSameBytesAgain() throws IOException {
        convert(base, folder.resolve("again"), ModelLayout.HF, "keep");

        assertThat(WrittenModel.files(folder.resolve("again"))).isEqualTo(WrittenModel.files(hf));
    }

    @Test
    void startsAgainOverWhatAKilledRunLeft() throws IOException {
        Files.createDirectories(folder.resolve("again.partial"));
        Files.writeString(folder.resolve("again.partial/model-00001-of-00009.safetensors"), "half");

        convert(base, folder.resolve("again"), ModelLayout.HF, "keep");

        assertThat(WrittenModel.files(folder.resolve("again"))).isEqualTo(WrittenModel.files(hf));
    }

    @Test
    void putsEveryTensorIntoTheTypeThatIsAsked() throws IOException {
        convert(base, folder.resolve("half"), ModelLayout.ORIGINAL, "bf16");

        assertThat(SafetensorsFile.open(folder.resolve("half/model.safetensors"))
                        .tensors()
                        .values())
                .allMatch(info -> info.dtype().equals("BF16"));
        assertThat(Json.readTree(folder.resolve("half/config.json"))
                        .path("torch_dtype")
                        .asText())
                .isEqualTo("bfloat16");
    }

    @Test
    void writesShardsAndTheirIndex() throws IOException {
        var config = new ConversionConfig(
                base, folder.resolve("shards"), ModelLayout.ORIGINAL, StoredType.asked("keep"), 20_000, false);
        new ModelConversion(config, Progress.SILENT).run();

        assertThat(folder.resolve("shards/model.safetensors.index.json")).exists();
        assertThat(folder.resolve("shards/model.safetensors")).doesNotExist();
        assertThat(WrittenModel.tensors(folder.resolve("shards"))).isEqualTo(WrittenModel.tensors(base));
    }

    @Test
    void keepsTheModelCard() throws IOException {
        var model = folder.resolve("model");
        convert(base, model, ModelLayout.ORIGINAL, "keep");
        var card = WrittenModel.card();
        card.write(model);

        convert(model, folder.resolve("copy"), ModelLayout.HF, "keep");

        assertThat(ModelCard.in(folder.resolve("copy"))).contains(card);
    }

    @Test
    void convertsAModelOfLlama2cWithItsOwnTokenizer() throws IOException {
        var stories = Path.of(System.getProperty("eegvlm.testData", ""), "llama", "stories260K.bin");
        assumeTrue(Files.isRegularFile(stories), () -> "SKIPPED: no " + stories);

        convert(stories, folder.resolve("stories"), ModelLayout.HF, "keep");

        assertThat(WrittenModel.tensors(folder.resolve("stories"))).isEqualTo(WrittenModel.tensors(stories));
        try (var tokenizer = LlamaTokenizer.load(folder.resolve("stories"));
                var original = LlamaTokenizer.load(stories)) {
            assertThat(tokenizer.encode("Once upon a time")).isEqualTo(original.encode("Once upon a time"));
        }
    }

    @Test
    void refusesALoraFolder() throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{}");

        assertThatThrownBy(() -> convert(folder, shared.resolve("none"), ModelLayout.HF, "keep"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a LoRA folder: make it a whole model first, with eegvlm merge");
    }

    @Test
    void refusesToReplaceTheModelItReads() {
        assertThatThrownBy(() -> new ModelConversion(
                                new ConversionConfig(
                                        base,
                                        shared,
                                        ModelLayout.HF,
                                        Optional.empty(),
                                        CheckpointWriter.SHARD_SIZE,
                                        true),
                                Progress.SILENT)
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would replace");
        assertThat(base).isDirectoryContaining("glob:**config.json");
    }

    @Test
    void leavesAFinishedOutputAlone() {
        assertThatThrownBy(() -> convert(base, hf, ModelLayout.ORIGINAL, "keep"))
                .isInstanceOf(OutputExistsException.class);
    }

    @Test
    void tellsHowMuchSpaceItNeeds() {
        assertThatThrownBy(() -> ModelDraft.requireSpace(Path.of("models/out"), 26_000_000_000L, 12_300_000_000L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("models/out needs 26.07 GB, its disk has 12.30 GB left");
    }

    @Test
    void namesATensorThatHasNoPlace() throws IOException {
        var model = folder.resolve("model");
        convert(base, model, ModelLayout.ORIGINAL, "keep");
        addTensor(model, "model.image_newline", TensorData.f32(new float[WIDTH], WIDTH));

        assertThatThrownBy(() -> convert(model, folder.resolve("out"), ModelLayout.HF, "keep"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("tensor 'model.image_newline': has no place in the layout of LLaVA-1.5");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void refusesAQuantisedModel() throws IOException {
        var model = folder.resolve("model");
        convert(base, model, ModelLayout.ORIGINAL, "keep");
        addTensor(model, "model.layers.9.mlp.up_proj.weight", TensorData.of("U8", ByteBuffer.allocate(8), 8, 1));

        assertThatThrownBy(() -> convert(model, folder.resolve("out"), ModelLayout.ORIGINAL, "keep"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("is U8: a quantised model cannot be written anew");
    }

    private static void addTensor(Path model, String name, TensorData added) throws IOException {
        var file = SafetensorsFile.open(model.resolve("model.safetensors"));
        var tensors = new HashMap<String, TensorData>();
        for (var each : file.tensors().keySet()) {
            tensors.put(
                    each, TensorData.f32(file.floats(each), file.tensor(each).shape()));
        }
        tensors.put(name, added);
        SafetensorsWriter.write(model.resolve("model.safetensors"), tensors, Map.of());
    }

    private static void convert(Path from, Path to, ModelLayout layout, String dtype) throws IOException {
        var config =
                new ConversionConfig(from, to, layout, StoredType.asked(dtype), CheckpointWriter.SHARD_SIZE, false);
        new ModelConversion(config, Progress.SILENT).run();
    }
}
