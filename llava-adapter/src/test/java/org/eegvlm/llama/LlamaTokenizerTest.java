package org.eegvlm.llama;

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

    private static final Path TINY = TinyLlama.resource("tiny-tokenizer");

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

        try (var tokenizer = SentencePieceTokenizer.open(folder)) {
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
    void refusesIdsOutsideTheVocabulary() throws IOException {
        try (var tokenizer = tiny(false)) {
            assertThatThrownBy(() -> tokenizer.decode(400))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no token 400");
            assertThatThrownBy(() -> tokenizer.decode(-200)).isInstanceOf(IllegalArgumentException.class);
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
