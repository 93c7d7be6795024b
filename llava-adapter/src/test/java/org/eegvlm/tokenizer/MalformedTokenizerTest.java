package org.eegvlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of these files gives an error that names it and tells what is wrong; none gets as far as a native library. */
class MalformedTokenizerTest {

    private static final String DEEP = "[".repeat(5000);

    @TempDir
    private Path folder;

    static Stream<Arguments> wrongTrees() {
        return Stream.of(
                tree("no whole number", json -> vocabulary(json).put("a", "7")),
                tree("out of range", json -> vocabulary(json).put("a", -1)),
                tree("out of range", json -> vocabulary(json).put("a", 1_000_000_000_000L)),
                tree("ids must run from 0", json -> vocabulary(json).put("a", 1_000_000)),
                tree("ids must run from 0", json -> vocabulary(json).put("a", 1)),
                tree("lose characters", json -> {
                    vocabulary(json).remove("a");
                    vocabulary(json).put("?!?!", 64);
                    model(json).putArray("merges");
                }),
                tree("a token is empty", json -> vocabulary(json).put("", 0)),
                tree("has no vocab", json -> model(json).putObject("vocab")),
                tree("vocab is no object", json -> model(json).put("vocab", 12)),
                tree("merge 0 is no pair", json -> merges(json).insert(0, "a b c")),
                tree("merge 0 is no pair", json -> merges(json).insert(0, 12)),
                tree("merge 0, or what it gives", json -> merges(json).insert(0, "zz q")),
                tree("merges is no array", json -> model(json).put("merges", "a b")),
                tree("'WordPiece' is not known", json -> model(json).put("type", "WordPiece")),
                tree("dropout is set", json -> model(json).put("dropout", 0.1)),
                tree("unk_token is not in the vocab", json -> model(json).put("unk_token", "<nope>")),
                tree("byte_fallback is neither", json -> model(json).put("byte_fallback", "yes")),
                tree("has no model", json -> json.remove("model")),
                tree("model: is no object", json -> json.putArray("model")),
                tree("no token has the id 423", json -> added(json).put("id", 430)),
                tree("has no id", json -> added(json).put("id", "x")),
                tree("stands there twice", json -> added(json).put("content", "<|eot_id|>")),
                tree("has no name", json -> added(json).put("content", "")),
                tree("special is neither", json -> added(json).put("special", 1)),
                tree(
                        "normalizer: the type 'Precompiled'",
                        json -> json.putObject("normalizer").put("type", "Precompiled")),
                tree("makes texts more than", json -> growing(json.putObject("normalizer"))),
                tree("pattern does not fit", json -> step(json, "Split").put("pattern", 3)),
                tree("a repeat in a group", json -> split(json, "(a+)+x")),
                tree("a pattern of 5000 characters", json -> split(json, "a".repeat(5000))),
                tree("behavior does not fit", json -> step(json, "Split").put("behavior", "Eaten")),
                tree(
                        "pre_tokenizer: the type 'Script'",
                        json -> step(json, "Split").put("type", "Script")),
                tree(
                        "replacement does not fit",
                        json -> json.putObject("decoder")
                                .put("type", "Metaspace")
                                .put("replacement", "ab")),
                tree(
                        "start does not fit",
                        json -> json.putObject("decoder").put("type", "Strip").put("start", -1)),
                tree(
                        "no token has the id 9999",
                        json -> template(json).putArray("ids").add(9999)),
                tree("has no ids for the special token", json -> template(json).remove("ids")),
                tree(
                        "post_processor: the type 'Bert",
                        json -> json.putObject("post_processor").put("type", "BertProcessing")));
    }

    @ParameterizedTest
    @MethodSource("wrongTrees")
    void refusesAWrongTokenizerJson(String problem, Consumer<ObjectNode> change) throws IOException {
        var json =
                (ObjectNode) Json.readTree(TokenizerFolders.named("byte-level").resolve("tokenizer.json"));
        change.accept(json);
        Files.writeString(folder.resolve("tokenizer.json"), Json.line(json));

        refuses("tokenizer.json", problem);
    }

    static Stream<Arguments> wrongTexts() {
        return Stream.of(
                arguments("tokenizer.json", "", "is no JSON object"),
                arguments("tokenizer.json", "[1, 2]", "is no JSON object"),
                arguments("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0", "Unexpected end"),
                arguments("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0, \"a\": 1}}}", "stands there twice"),
                arguments("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0}}} {}", "goes on behind its end"),
                arguments("tokenizer.json", "{\"normalizer\": " + DEEP, "nesting depth"),
                arguments("tokenizer.json", "{\"model\": {\"skipped\": " + DEEP, "nesting depth"),
                arguments("tokenizer.json", "version https://git-lfs.github.com/spec/v1\n", "pointer of Git LFS"),
                arguments("tokenizer.model", "", "has no pieces"),
                arguments("tokenizer.model", "version https://git-lfs.github.com/spec/v1\n", "pointer of Git LFS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.model", "tokenizer.json", "tokenizer_config.json", "tokenizer.bin", "tok32.bin"})
    void refusesALinkOutOfTheFolder(String name, @TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve(name), elsewhere.resolve("secret"));
        if (name.endsWith("config.json")) {
            Files.writeString(folder.resolve("tokenizer.json"), "{}");
        }

        assertThatThrownBy(() -> LlamaTokenizer.load(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("outside the model folder");
    }

    @ParameterizedTest
    @MethodSource("wrongTexts")
    void refusesAWrongText(String name, String text, String problem) throws IOException {
        Files.writeString(folder.resolve(name), text);

        refuses(name, problem);
    }

    @Test
    void refusesAJsonThatIsNotUtf8() throws IOException {
        Files.write(
                folder.resolve("tokenizer.json"),
                "{\"model\": {\"type\": \"é is not UTF-8\"}}".getBytes(StandardCharsets.ISO_8859_1));

        refuses("tokenizer.json", "UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"bos_token\": 7} | bos_token is no text",
                "{\"bos_token\": \"<nope>\"} | has no token '<nope>'",
                "{\"add_bos_token\": \"no\"} | add_bos_token is neither",
                "{\"added_tokens_decoder\": {\"x\": {\"content\": \"<a>\"}}} | 'x' is no token id",
                "{\"added_tokens_decoder\": {\"425\": {\"special\": true}}} | token 425 has no content",
                "{\"added_tokens_decoder\": {\"9\": {\"content\": \"<a>\"}}} | '<a>' has the id 9",
                "[] | is no JSON object"
            })
    void refusesWrongSettings(String settings, String problem) throws IOException {
        Files.copy(TokenizerFolders.named("byte-level").resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), settings);

        refuses("tokenizer", problem);
    }

    static Stream<Arguments> wrongModels() {
        return Stream.of(
                arguments("is cut off", pieces(field(1, new byte[] {0x0A, 9, 'a'}))),
                arguments("too many bytes", pieces(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1})),
                arguments("wire type 7", pieces(new byte[] {0x0F})),
                arguments("piece type 9", pieces(piece("z", 9))),
                arguments("the score of piece 3", pieces(field(1, new byte[] {0x15, 0, 0, (byte) 0xC0, 0x7F}))),
                arguments("is not UTF-8", pieces(field(1, new byte[] {0x0A, 1, (byte) 0xFF}))),
                arguments("piece 3 is empty", pieces(piece("", 1))),
                arguments("or stands there twice", pieces(piece("<s>", 1))),
                arguments("a map of characters", pieces(field(3, field(2, new byte[] {1, 2, 3, 4})))),
                arguments("model type 4", pieces(field(2, new byte[] {0x18, 4}))),
                arguments("no <s>", join(piece("<unk>", 2), field(2, new byte[] {0x18, 2}))),
                arguments("for the unknown", join(piece("<s>", 3), field(2, new byte[] {0x18, 2}))));
    }

    @ParameterizedTest
    @MethodSource("wrongModels")
    void refusesAWrongSentencePieceModel(String problem, byte[] model) throws IOException {
        Files.write(folder.resolve("tokenizer.model"), model);

        refuses("tokenizer.model", problem);
    }

    @Test
    void refusesAnAddedTokenThatLeavesAGap() throws IOException {
        Files.copy(
                TokenizerFolders.named("tiny-tokenizer").resolve("tokenizer.model"), folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<pad>\": 401}");

        refuses("tokenizer.model", "'<pad>' has the id 401, but 400 is the next");
    }

    static Stream<Arguments> wrongLlama2c() {
        return Stream.of(
                arguments("is cut off", entries(3).slice(0, 3)),
                arguments("its longest token has -1", entries(3).putInt(0, -1)),
                arguments("its longest token has 2147483647", entries(3).putInt(0, Integer.MAX_VALUE)),
                arguments("the score of token 0", entries(3).putFloat(4, Float.NaN)),
                arguments("the score of token 0", entries(3).putFloat(4, Float.NEGATIVE_INFINITY)),
                arguments("token 0 has 0 bytes", entries(3).putInt(8, 0)),
                arguments("token 0 has -5 bytes", entries(3).putInt(8, -5)),
                arguments("token 0 has 2147483647 bytes", entries(3).putInt(8, Integer.MAX_VALUE)),
                arguments("cut off in token 2", entries(3).slice(0, 4 + 3 * 9 - 1)),
                arguments("cut off in token 1", entries(3).slice(0, 4 + 9 + 4)),
                arguments("is cut off: 3 tokens", entries(3)),
                arguments("token 3 is not <0x00>", entries(4)),
                arguments("token 1 stands there twice", entries(3).put(4 + 9 + 8, (byte) 'a')));
    }

    @ParameterizedTest
    @MethodSource("wrongLlama2c")
    void refusesAWrongLlama2cTokenizer(String problem, ByteBuffer file) throws IOException {
        var bytes = new byte[file.capacity()];
        file.get(0, bytes);
        Files.write(folder.resolve("tokenizer.bin"), bytes);

        refuses("tokenizer.bin", problem);
    }

    @Test
    void refusesALlama2cTokenizerOfAnotherSize() throws IOException {
        Files.copy(TokenizerFolders.named("llama2c").resolve("tokenizer.bin"), folder.resolve("tokenizer.bin"));
        var header = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN).putInt(20, -512);
        Files.write(folder.resolve("model.bin"), header.array());

        assertThatThrownBy(() -> LlamaTokenizer.load(folder.resolve("model.bin")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("tokenizer.bin: ")
                .hasMessageContaining("model.bin has 512");
    }

    private void refuses(String name, String problem) {
        assertThatThrownBy(() -> LlamaTokenizer.load(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(folder.resolve(name).toString())
                .hasMessageContaining(problem);
        assertThat(folder).isNotEmptyDirectory();
    }

    private static Arguments tree(String problem, Consumer<ObjectNode> change) {
        return arguments(problem, change);
    }

    private static ObjectNode model(JsonNode json) {
        return (ObjectNode) json.path("model");
    }

    private static ObjectNode vocabulary(JsonNode json) {
        return (ObjectNode) json.path("model").path("vocab");
    }

    private static ArrayNode merges(JsonNode json) {
        return (ArrayNode) json.path("model").path("merges");
    }

    /** The last added token but one, 423. */
    private static ObjectNode added(JsonNode json) {
        return (ObjectNode) json.path("added_tokens").path(3);
    }

    private static ObjectNode step(JsonNode json, String type) {
        return (ObjectNode) json.path("pre_tokenizer").findParents("type").stream()
                .filter(step -> step.path("type").asText().equals(type))
                .findFirst()
                .orElseGet(
                        () -> json.path("pre_tokenizer").path("pretokenizers").path(0));
    }

    private static void split(JsonNode json, String regex) {
        step(json, "Split").putObject("pattern").put("Regex", regex);
    }

    private static void growing(ObjectNode normalizer) {
        var steps = normalizer.put("type", "Sequence").putArray("normalizers");
        for (int i = 0; i < 10; i++) {
            steps.addObject()
                    .put("type", "Replace")
                    .put("content", "aa")
                    .putObject("pattern")
                    .put("String", "a");
        }
    }

    private static ObjectNode template(JsonNode json) {
        return (ObjectNode) json.findValue("special_tokens").path("<|begin_of_text|>");
    }

    /** Unknown, begin and end, the kind of a Llama's model, then {@code more}. */
    private static byte[] pieces(byte[] more) {
        return join(piece("<unk>", 2), piece("<s>", 3), piece("</s>", 3), field(2, new byte[] {0x18, 2}), more);
    }

    private static byte[] piece(String text, int type) {
        return field(1, join(field(1, text.getBytes(StandardCharsets.UTF_8)), new byte[] {0x18, (byte) type}));
    }

    private static byte[] field(int number, byte[] value) {
        return join(new byte[] {(byte) (number << 3 | 2), (byte) value.length}, value);
    }

    private static byte[] join(byte[]... parts) {
        var all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    /** A llama2.c tokenizer of tokens {@code a}, {@code b} and so on. */
    private static ByteBuffer entries(int count) {
        var file = ByteBuffer.allocate(4 + count * 9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1);
        for (int i = 0; i < count; i++) {
            file.putFloat(0).putInt(1).put((byte) ('a' + i));
        }
        return file;
    }
}
