package org.eegvlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and texts of {@code reference/make_tiny_json_tokenizer.py}, over texts that are hard to get right. */
@Tag("reference")
class TokenizerGoldenTest {

    @TempDir
    private Path folder;

    /** @param decoded without special tokens; llama2.c's are not decoded there */
    record Case(Optional<Boolean> legacy, String text, List<Integer> ids, Optional<String> decoded) {

        int[] tokens() {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte-level", "gpt2-like", "llama-legacy", "llama-modern", "llama2c"})
    void encodesAndDecodesLikeTheReference(String name) throws IOException {
        var cases = cases(TokenizerFolders.named(name).resolve("cases.json"));

        try (var tokenizer = LlamaTokenizer.load(TokenizerFolders.named(name))) {
            assertThat(cases).hasSizeGreaterThan(20).allSatisfy(expected -> {
                assertThat(tokenizer.encode(expected.text()))
                        .as(expected.text())
                        .isEqualTo(expected.tokens());
                expected.decoded()
                        .ifPresent(text ->
                                assertThat(tokenizer.decode(expected.tokens())).isEqualTo(text));
            });
        }
    }

    static Stream<Case> awkward() throws IOException {
        return cases(TokenizerFolders.named("tiny-tokenizer").resolve("awkward.json")).stream();
    }

    @ParameterizedTest
    @MethodSource("awkward")
    void encodesWithSentencePieceLikeTheReference(Case expected) throws IOException {
        Files.copy(
                TokenizerFolders.named("tiny-tokenizer").resolve("tokenizer.model"), folder.resolve("tokenizer.model"));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"legacy\": %s}".formatted(expected.legacy().orElseThrow()));

        try (var tokenizer = LlamaTokenizer.load(folder)) {
            assertThat(tokenizer.encode(expected.text())).isEqualTo(expected.tokens());
        }
    }

    @Test
    void encodesWithTheTokenizerOfStories260K() throws IOException {
        var stories = Path.of(System.getProperty("eegvlm.testData", ""), "llama");
        assumeTrue(Files.isRegularFile(stories.resolve("tok512.bin")), () -> "SKIPPED: no tok512.bin in " + stories);

        try (var tokenizer = LlamaTokenizer.load(stories.resolve("stories260K.bin"))) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(512);
            assertThat(cases(TokenizerFolders.named("llama2c").resolve("tok512-cases.json")))
                    .allSatisfy(expected -> {
                        assertThat(tokenizer.encode(expected.text())).isEqualTo(expected.tokens());
                        assertThat(tokenizer.decode(expected.tokens())).isEqualTo(expected.text());
                    });
        }
    }

    private static List<Case> cases(Path file) throws IOException {
        return Arrays.asList(Json.read(file, Case[].class));
    }
}
