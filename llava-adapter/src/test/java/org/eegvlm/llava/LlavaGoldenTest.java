package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.eegvlm.llama.Closeness.greatestError;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.Generator;
import org.eegvlm.llama.TrainingPass;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LLaVA-1.5 against transformers 4.52.4 and PEFT 0.15.2, from pictures and text to logits, on the tiny model of
 * {@code reference/make_tiny_llava.py}: five questions of different lengths, one of them without a picture. The golden
 * file holds a part of each tensor, padding left out.
 */
@Tag("reference")
class LlavaGoldenTest {

    private static final Path MODEL = Path.of("src/test/resources/org/eegvlm/llava/tiny-llava");
    private static final List<String> PROJECTOR = List.of("0.weight", "0.bias", "2.weight", "2.bias");
    private static final int QUESTIONS = 5;

    private SafetensorsFile golden;
    private NDScope scope;

    @BeforeEach
    void open() throws IOException {
        golden = SafetensorsFile.open(MODEL.resolve("golden.safetensors"));
        scope = new NDScope();
        scope.suppressNotUsedWarning();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void seesWhatTransformersSees(String type) throws IOException {
        try (var model = base(type)) {
            var features = model.towerFeatures(List.of(picture("wide.png"), picture("tall.png")));
            var projected = model.projector().project(features);

            assertClose(type, every(5, floats(features)), type + ".tower.3");
            assertClose(type, every(5, floats(projected)), type + ".projected");
        }
    }

    @ParameterizedTest
    @CsvSource({"fp32, fuse", "fp32, token", "fp32, off", "bf16, fuse", "bf16, token", "bf16, off"})
    void computesTheStatesAndLogitsOfEveryMode(String type, String mode) throws IOException {
        try (var model = base(type)) {
            assertStates(model, type, FeatureMode.named(mode), type + "." + mode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void computesTheStatesAndLogitsOfALoraFolder(String type) throws IOException {
        try (var model = tuned(type)) {
            assertStates(model, type, FeatureMode.FUSE, type + ".lora");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void computesTheSameOnceItIsMerged(String type) throws IOException {
        try (var model = tuned(type)) {
            model.decoder().detach();
            model.decoder().merge(model.adapter().orElseThrow());

            assertStates(model, type, FeatureMode.FUSE, type + ".merged");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse", "token", "off"})
    void decodesAPaddedBatchTokenForToken(String mode) throws IOException {
        try (var model = base("fp32")) {
            var layout = layout(model, FeatureMode.named(mode));

            var said = new Generator(model.decoder()).greedy(embeddings(model, layout), layout.lengths(), 64);

            assertThat(said.stream().flatMapToInt(Arrays::stream).toArray()).isEqualTo(ids("greedy." + mode));
        }
    }

    /** The golden gradients come from autograd through the whole model, the splice and the projector included. */
    @Test
    void computesTheGradientsOfEveryLoraMatrixAndTheProjector() throws IOException {
        try (var model = tuned("fp32")) {
            var layout = layout(model, FeatureMode.FUSE);
            var pictures = model.towerFeatures(pictures(layout));
            var rows = model.featureRows(rows(layout));
            var states = states(model, model.splice(layout, pictures, rows));
            var head = model.decoder().lossVjp(states.get(states.size() - 1), model.integers(nextLabels(layout)));

            var flowing = head.input();
            var adapter = new ArrayList<NDArray>();
            for (int layer = model.decoder().layers() - 1; layer >= 0; layer--) {
                var x = states.get(layer);
                var back = model.decoder().layerVjp(layer, x, List.of(), flowing, TrainingPass.ofRows(x, 0));
                flowing = back.input();
                adapter.addAll(0, back.adapter());
            }
            var projector = model.spliceGradients(layout, flowing, pictures, rows);

            assertThat(head.loss()).isCloseTo(golden.floats("loss")[0], within(1e-5));
            assertAdapter(model, adapter);
            for (int i = 0; i < PROJECTOR.size(); i++) {
                var name = "gradient.mm_projector." + PROJECTOR.get(i);
                assertThat(greatestError(floats(projector.get(i)), golden.floats(name)))
                        .as(name)
                        .isLessThanOrEqualTo(1e-3);
            }
        }
    }

    private void assertStates(LlavaModel model, String type, FeatureMode mode, String name) throws IOException {
        var layout = layout(model, mode);
        var states = states(model, embeddings(model, layout));
        for (int number = 0; number < states.size(); number++) {
            assertClose(type, sample(states.get(number), layout.lengths()), name + ".state." + number);
        }
        var logits = model.decoder().logits(states.get(states.size() - 1));
        assertClose(type, sample(logits, layout.lengths()), name + ".logits");
    }

    private void assertAdapter(LlavaModel model, List<NDArray> gradients) throws IOException {
        int each = gradients.size() / model.decoder().layers();
        var blocks = List.of(
                "self_attn.q_proj",
                "self_attn.k_proj",
                "self_attn.v_proj",
                "self_attn.o_proj",
                "mlp.gate_proj",
                "mlp.up_proj",
                "mlp.down_proj");
        assertThat(each).isEqualTo(2 * blocks.size());
        for (int i = 0; i < gradients.size(); i++) {
            var matrix = i % 2 == 0 ? "A" : "B";
            var name = "gradient.layers.%d.%s.lora_%s.weight".formatted(i / each, blocks.get(i % each / 2), matrix);
            assertThat(greatestError(every(3, floats(gradients.get(i))), golden.floats(name)))
                    .as(name)
                    .isLessThanOrEqualTo(1e-3);
        }
    }

    private void assertClose(String type, float[] actual, String name) throws IOException {
        assertThat(greatestError(actual, golden.floats(name)))
                .as(name)
                .isLessThanOrEqualTo(type.equals("fp32") ? 1e-4 : 2e-2);
    }

    private static LlavaModel base(String type) throws IOException {
        return LlavaModel.open(MODEL, Optional.empty(), LoadOptions.on("cpu").withType(LoadOptions.type(type)));
    }

    private static LlavaModel tuned(String type) throws IOException {
        return LlavaModel.open(
                MODEL.resolve("tuned"),
                Optional.of(MODEL),
                LoadOptions.on("cpu").withType(LoadOptions.type(type)));
    }

    private SpliceLayout layout(LlavaModel model, FeatureMode mode) throws IOException {
        var prompts = new PromptTokenizer(model.tokenizer(), Conversation.V1);
        var samples = new ArrayList<TokenizedSample>();
        for (var question : questions()) {
            var id = question.path("question_id").asText();
            samples.add(prompts.prompt(
                    id, question.path("image").size(), question.path("text").asText()));
        }
        for (int n = 0; n < QUESTIONS; n++) {
            assertThat(samples.get(n).ids()).isEqualTo(ids("ids." + n));
        }
        return SpliceLayout.of(samples, mode, model.patches(), 512);
    }

    private NDArray embeddings(LlavaModel model, SpliceLayout layout) throws IOException {
        return model.embed(layout, pictures(layout), rows(layout));
    }

    /** What goes into the first layer and comes out of each. */
    private static List<NDArray> states(LlavaModel model, NDArray embeddings) {
        var states = new ArrayList<NDArray>(List.of(embeddings));
        for (int layer = 0; layer < model.decoder().layers(); layer++) {
            states.add(model.decoder().layer(layer, states.get(layer)));
        }
        return states;
    }

    private static List<RgbImage> pictures(SpliceLayout layout) throws IOException {
        var questions = questions();
        var pictures = new ArrayList<RgbImage>();
        for (var slot : layout.pictures()) {
            var images = questions.get(slot.sample()).path("image");
            pictures.add(picture(images.get(slot.picture()).asText()));
        }
        return pictures;
    }

    private static List<float[]> rows(SpliceLayout layout) throws IOException {
        var features = NpyFile.open(MODEL.resolve("features.npy"));
        var rows = new ArrayList<float[]>();
        for (var slot : layout.injected()) {
            rows.add(features.row(slot.sample()));
        }
        return rows;
    }

    /** What each position should be followed by: transformers shifts its labels itself, here they come shifted. */
    private int[][] nextLabels(SpliceLayout layout) throws IOException {
        var labels = ids("labels");
        var next = new int[QUESTIONS][layout.length()];
        for (int row = 0; row < QUESTIONS; row++) {
            for (int t = 0; t < layout.length(); t++) {
                next[row][t] =
                        t == layout.length() - 1 ? TokenizedSample.IGNORED : labels[row * layout.length() + t + 1];
            }
        }
        return next;
    }

    private static List<JsonNode> questions() throws IOException {
        return Json.readLines(MODEL.resolve("questions.jsonl"), JsonNode.class);
    }

    private static RgbImage picture(String name) throws IOException {
        return RgbImage.read(MODEL.resolve("pictures").resolve(name));
    }

    private int[] ids(String name) throws IOException {
        var longs = golden.map(name).asLongBuffer();
        var ids = new int[longs.remaining()];
        Arrays.setAll(ids, i -> Math.toIntExact(longs.get(i)));
        return ids;
    }

    /** Of [5, T, W] what the golden file keeps. */
    private static float[] sample(NDArray values, int[] lengths) {
        var all = floats(values);
        int longest = Math.toIntExact(values.getShape().get(1));
        int width = Math.toIntExact(values.getShape().get(2));
        var spoken = new float[Arrays.stream(lengths).sum() * width];
        int to = 0;
        for (int row = 0; row < lengths.length; row++) {
            System.arraycopy(all, row * longest * width, spoken, to, lengths[row] * width);
            to += lengths[row] * width;
        }
        return every(101, spoken);
    }

    private static float[] floats(NDArray values) {
        return values.toType(DataType.FLOAT32, false).toFloatArray();
    }

    private static float[] every(int stride, float[] values) {
        var kept = new float[(values.length + stride - 1) / stride];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = values[i * stride];
        }
        return kept;
    }
}
