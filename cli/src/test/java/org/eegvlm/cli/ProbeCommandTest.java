package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against transformers 4.52.4 and PEFT 0.15.2, on the tiny models that the scripts under {@code reference/} made. */
class ProbeCommandTest {

    private static final Path RESOURCES = Path.of("../llava-adapter/src/test/resources/org/eegvlm");
    private static final Path LLAVA = RESOURCES.resolve("llava/tiny-llava");
    private static final Path LLAMA = RESOURCES.resolve("llama/families/llama2");
    private static final int QUESTIONS = 5;
    private static final int WORDS = 128;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fuse", "token", "off"})
    void givesTheIdsAndLogitsOfTheReference(String mode) throws IOException {
        var run = probe(LLAVA, "--feature-mode", mode, "--generate", 64);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(greatestError(logits(), golden().floats("fp32." + mode + ".last")))
                .isLessThan(1e-4);
        var lines = lines(run);
        var said = ids(golden(), "greedy." + mode);
        for (int n = 0; n < QUESTIONS; n++) {
            assertThat(ids(lines.get(n), "input_ids")).isEqualTo(ids(golden(), "ids." + n));
            assertThat(ids(lines.get(n), "greedy_ids")).isEqualTo(Arrays.copyOfRange(said, 64 * n, 64 * n + 64));
        }
    }

    @Test
    void givesIdsBackAsTheyWere() throws IOException {
        var lines = lines(probe(LLAVA));

        assertThat(lines)
                .extracting(line -> line.path("question_id").toString())
                .containsExactly("\"a-1\"", "\"a-2\"", "\"b-1\"", "\"b-2\"", "7");
        assertThat(lines).allSatisfy(line -> assertThat(line.path("greedy_ids")).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"fp32, 1e-4", "bf16, 2e-2"})
    void readsALoraFolderOverItsBase(String dtype, double tolerance) throws IOException {
        var run = probe(LLAVA.resolve("tuned"), "--model-base", LLAVA, "--dtype", dtype);

        assertThat(run.err()).isEmpty();
        assertThat(greatestError(logits(), golden().floats(dtype + ".lora.last")))
                .isLessThan(tolerance);
    }

    @Test
    void endsWithTheEndTokenAsTransformersDoes() throws IOException {
        var said = Arrays.copyOf(ids(golden(), "greedy.fuse"), 64);
        int end = said[9];
        int first =
                IntStream.range(0, 64).filter(i -> said[i] == end).findFirst().orElseThrow();

        var run = probe(endingWith(end), "--generate", 64);

        assertThat(ids(lines(run).get(0), "greedy_ids")).isEqualTo(Arrays.copyOf(said, first + 1));
    }

    @Test
    void asksAPlainLlamaWithoutPictures() throws IOException {
        var model = copy(LLAMA, "llama");
        Files.copy(LLAVA.resolve("tokenizer.model"), model.resolve("tokenizer.model"));
        var questions = questions("{\"question_id\": 1, \"text\": \"Which stage?\"}");

        var run = CommandRun.of("probe", "--model-path", model, "--question-file", questions, "--logits", out());

        assertThat(run.err()).isEmpty();
        assertThat(lines(run)).hasSize(1);
        assertThat(NpyFile.open(out()).shape()).containsExactly(1, WORDS);
    }

    @Test
    void refusesPicturesForAPlainLlamaInOneLine() throws IOException {
        var model = copy(LLAMA, "llama");
        Files.copy(LLAVA.resolve("tokenizer.model"), model.resolve("tokenizer.model"));

        var run = probe(model, "--feature-mode", "off");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().lines()).singleElement().asString().contains("takes no pictures");
        assertThat(out()).doesNotExist();
    }

    @Test
    void refusesFeaturesOfAnotherNumberOfQuestions() throws IOException {
        var questions = questions("{\"question_id\": 1, \"text\": \"Which stage?\"}");

        var run = probe(LLAVA, "--question-file", questions);

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err().lines()).singleElement().asString().contains("features.npy", "[5, 1, 24]", "[1, 1, 24]");
    }

    @Test
    void takesTheRowThatAQuestionNames() throws IOException {
        var plain = logitsOf(probe(LLAVA));
        var lines = Files.readAllLines(LLAVA.resolve("questions.jsonl"));
        var swapped = lines.get(0).replaceFirst("\\{", "{\"feature_index\": 4, ");
        lines.set(0, swapped);

        var other = logitsOf(probe(LLAVA, "--overwrite", "--question-file", questions(lines.toArray(String[]::new))));

        assertThat(Arrays.copyOf(other, WORDS)).isNotEqualTo(Arrays.copyOf(plain, WORDS));
        assertThat(Arrays.copyOfRange(other, WORDS, plain.length))
                .containsExactly(Arrays.copyOfRange(plain, WORDS, plain.length), within(1e-5f));
    }

    @Test
    void keepsAFinishedOutput() throws IOException {
        Files.writeString(out(), "mine");

        var run = probe(LLAVA);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--overwrite");
        assertThat(out()).hasContent("mine");
    }

    @Test
    void tellsALineWithoutText() throws IOException {
        var run = probe(LLAVA, "--question-file", questions("{\"question_id\": 1}"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err().lines()).singleElement().asString().contains("line 1", "text is missing");
    }

    /** Later options win, so that a test can name another question file. */
    private CommandRun probe(Path model, Object... more) {
        var words = new ArrayList<Object>(List.of(
                "probe",
                "--model-path",
                model,
                "--image-folder",
                LLAVA.resolve("pictures"),
                "--features",
                LLAVA.resolve("features.npy"),
                "--logits",
                out()));
        if (!List.of(more).contains("--question-file")) {
            words.addAll(List.of("--question-file", LLAVA.resolve("questions.jsonl")));
        }
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray());
    }

    private Path endingWith(int token) throws IOException {
        var model = copy(LLAVA, "ending");
        var config = (ObjectNode) Json.readTree(model.resolve("config.json"));
        config.put("eos_token_id", token);
        config.put("mm_vision_tower", LLAVA.resolve("clip").toAbsolutePath().toString());
        Json.write(model.resolve("config.json"), config);
        return model;
    }

    private Path copy(Path model, String name) throws IOException {
        var copy = Files.createDirectories(folder.resolve(name));
        try (var files = Files.list(model)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private Path questions(String... lines) throws IOException {
        return Files.write(folder.resolve("questions.jsonl"), List.of(lines));
    }

    private Path out() {
        return folder.resolve("logits.npy");
    }

    private float[] logits() throws IOException {
        var file = NpyFile.open(out());
        assertThat(file.shape()).containsExactly(QUESTIONS, WORDS);
        return file.floats();
    }

    private float[] logitsOf(CommandRun run) throws IOException {
        assertThat(run.err()).isEmpty();
        return logits();
    }

    private static List<JsonNode> lines(CommandRun run) {
        return run.out().lines().map(ProbeCommandTest::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] ids(JsonNode line, String field) {
        return IntStream.range(0, line.path(field).size())
                .map(i -> line.path(field).get(i).asInt())
                .toArray();
    }

    private static SafetensorsFile golden() throws IOException {
        return SafetensorsFile.open(LLAVA.resolve("golden.safetensors"));
    }

    private static int[] ids(SafetensorsFile golden, String name) throws IOException {
        var longs = golden.map(name).asLongBuffer();
        return IntStream.range(0, longs.remaining())
                .map(i -> Math.toIntExact(longs.get(i)))
                .toArray();
    }

    private static double greatestError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double distance = 0;
        double greatest = 0;
        for (int i = 0; i < actual.length; i++) {
            distance = Math.max(distance, Math.abs((double) actual[i] - expected[i]));
            greatest = Math.max(greatest, Math.abs(expected[i]));
        }
        return distance / greatest;
    }
}
