package org.eegvlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaTokenizerTest {

    private static final Path TINY = TokenizerFolders.named("tiny-tokenizer");

    @TempDir
    private Path folder;

    /** What transformers' LlamaTokenizer says; see {@code reference/make_tiny_tokenizer.py}. */
    record Case(boolean legacy, String text, List<Integer> ids) {}

    static Stream<Case> cases() throws IOException {
        return Arrays.stream(Json.read(TINY.resolve("cases.json"), Case[].class));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Tag("reference")
    void encodesLikeTransformers(Case expected) throws IOException {
        try (var tokenizer = tiny(expected.legacy())) {
            assertThat(tokenizer.encode(expected.text())).containsExactly(ints(expected.ids()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"The stage is N2.", "", " ", " USER: ", "\nWhy?", "two  blanks", "µV and 😴", "中文"})
    void decodesWhatItEncoded(String text) throws IOException {
        try (var tokenizer = tiny(false)) {
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void putsNoSpaceAfterAControlTokenUnlessLegacy() throws IOException {
        try (var legacy = tiny(true);
                var modern = tiny(false)) {
            assertThat(modern.encodeAfterSpecial("USER")).containsExactly(311, 307);
            assertThat(legacy.encodeAfterSpecial("USER")).containsExactly(352, 311, 307);
        }
    }

    @Test
    void isLegacyWhereNothingIsSaid() throws IOException {
        Files.copy(TINY.resolve("tokenizer.model"), folder.resolve("tokenizer.model"));

        try (var tokenizer = (SentencePieceTokenizer) LlamaTokenizer.load(folder)) {
            assertThat(tokenizer.legacy()).isTrue();
        }
    }

    @Test
    void knowsItsSpecialTokens() throws IOException {
        try (var tokenizer = tiny(false)) {
            assertThat(tokenizer.bos()).isEqualTo(1);
            assertThat(tokenizer.eos()).isEqualTo(2);
            assertThat(tokenizer.pad()).isZero();
            assertThat(tokenizer.vocabularySize()).isEqualTo(400);
        }
    }

    @Test
    void takesTokenizerModelWhereTokenizerJsonIsThereToo() throws IOException {
        Files.copy(TokenizerFolders.named("byte-level").resolve("tokenizer.json"), folder.resolve("tokenizer.json"));

        try (var tokenizer = tiny(false)) {
            assertThat(tokenizer).isInstanceOf(SentencePieceTokenizer.class);
        }
    }

    @Test
    void runsNoChatTemplate() throws IOException {
        Files.copy(TokenizerFolders.named("byte-level").resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ this is no template }");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"{{ nor is this }\"}");

        try (var tokenizer = LlamaTokenizer.load(folder)) {
            assertThat(tokenizer.decode(tokenizer.encode("Why?"))).isEqualTo("Why?");
        }
    }

    @Test
    void knowsTokensThatWereAddedLater() throws IOException {
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<pad>\": 400}");

        try (var tokenizer = tiny(false)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(401);
            assertThat(tokenizer.token("<pad>")).hasValue(400);
            assertThat(tokenizer.encode("N2<pad>")).endsWith(400);
            assertThat(tokenizer.decode(tokenizer.encode("N2<pad>"))).isEqualTo("N2");
        }
    }

    @Test
    void beginsNoTextWhereTheSettingsSaySo() throws IOException {
        Files.copy(TINY.resolve("tokenizer.model"), folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"add_bos_token\": false}");

        try (var tokenizer = LlamaTokenizer.load(folder)) {
            assertThat(tokenizer.encode("")).isEmpty();
        }
    }

    @Test
    void knowsTheSpecialTokensOfATokenizerJson() throws IOException {
        try (var tokenizer = LlamaTokenizer.load(TokenizerFolders.named("byte-level"))) {
            assertThat(tokenizer.bos()).isEqualTo(420);
            assertThat(tokenizer.eos()).isEqualTo(421);
            assertThat(tokenizer.token("<|eot_id|>")).hasValue(424);
            assertThat(tokenizer.token("<|nope|>")).isEmpty();
            assertThat(tokenizer.vocabularySize()).isEqualTo(425);
        }
    }

    @Test
    void cutsNoLongTextOff() throws IOException {
        var text = "The stage is N2. ".repeat(1000);

        try (var tokenizer = LlamaTokenizer.load(TokenizerFolders.named("byte-level"))) {
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte-level", "llama-modern", "llama2c"})
    void showsHalfACharacterAsAReplacement(String name) throws IOException {
        try (var tokenizer = LlamaTokenizer.load(TokenizerFolders.named(name))) {
            var ids = tokenizer.encode("N2 👩");

            assertThat(tokenizer.decode(ids)).isEqualTo("N2 👩");
            assertThat(tokenizer.decode(Arrays.copyOf(ids, ids.length - 1)))
                    .startsWith("N2 ")
                    .endsWith("\uFFFD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-modern", "llama-legacy", "byte-level"})
    void encodesWhatFollowsASpecialTokenAsInAWholeText(String name) throws IOException {
        try (var tokenizer = LlamaTokenizer.load(TokenizerFolders.named(name))) {
            var end = tokenizer.encode(name.startsWith("llama") ? "</s>" : "<|end_of_text|>");
            var whole = tokenizer.encode(name.startsWith("llama") ? "</s>USER: a" : "<|end_of_text|>USER: a");

            assertThat(tokenizer.encodeAfterSpecial("USER: a"))
                    .isEqualTo(Arrays.copyOfRange(whole, end.length, whole.length));
        }
    }

    @Test
    void showsThatAnIdHasNoPiece() throws IOException {
        try (var tokenizer = tiny(false)) {
            assertThat(tokenizer.decode(400)).isEqualTo("\uFFFD");
        }
    }

    @Test
    void refusesATruncatedModel() throws IOException {
        var whole = Files.readAllBytes(TINY.resolve("tokenizer.model"));
        Files.write(folder.resolve("tokenizer.model"), Arrays.copyOf(whole, whole.length - 1));

        assertThatThrownBy(() -> LlamaTokenizer.load(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void refusesAFileThatIsNoModel() throws IOException {
        Files.writeString(folder.resolve("tokenizer.model"), "version https://git-lfs.github.com/spec/v1\n");

        assertThatThrownBy(() -> LlamaTokenizer.load(folder)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void refusesAFolderWithoutATokenizer() {
        assertThatThrownBy(() -> LlamaTokenizer.load(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no tokenizer");
    }

    /** Ids that transformers gives with the tokenizer of Llama and Llama 2. */
    @Test
    @Tag("reference")
    void encodesLlavasPromptWithLlamasOwnTokenizer() throws IOException {
        var model = Path.of(System.getProperty("eegvlm.testData", "../../shared/data"), "llama/tokenizer.model");
        Assumptions.assumeTrue(Files.isRegularFile(model), () -> "SKIPPED: no " + model);
        Files.copy(model, folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"legacy\": false}");

        try (var tokenizer = LlamaTokenizer.load(folder)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(32000);
            assertThat(tokenizer.encode(
                            "A chat between a curious user and an artificial intelligence assistant. The assistant gives"
                                    + " helpful, detailed, and polite answers to the user's questions."))
                    .hasSize(31);
            assertThat(tokenizer.encode(" USER: ")).endsWith(3148, 1001, 29901, 29871);
            assertThat(tokenizer.encodeAfterSpecial("USER")).containsExactly(11889);
            assertThat(tokenizer.encode("a</s>USER:")).endsWith(2, 11889, 29901);
            assertThat(tokenizer.encode("\n")).containsExactly(1, 29871, 13);
            assertThat(tokenizer.encode("x ASSISTANT:")).endsWith(319, 1799, 9047, 13566, 29901);
        }
    }

    private LlamaTokenizer tiny(boolean legacy) throws IOException {
        Files.write(folder.resolve("tokenizer.model"), Files.readAllBytes(TINY.resolve("tokenizer.model")));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"legacy\": %s}".formatted(legacy));
        return LlamaTokenizer.load(folder);
    }

    private static int[] ints(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
