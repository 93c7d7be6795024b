package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids and labels with Llama's own tokenizer, against LLaVA's way of counting lengths. */
@Tag("reference")
class LlamaPromptTest {

    private static final Path FILE = Path.of("data.json");

    @TempDir
    Path folder;

    @Test
    void givesTheIdsThatLlavaWasTrainedWith() throws IOException {
        try (var tokenizer = tokenizer(false)) {
            var ids = new PromptTokenizer(tokenizer, Conversation.V1)
                    .prompt("a", 2, "Why?")
                    .ids();

            assertThat(Arrays.copyOf(ids, 42)).startsWith(1, 319, 13563, 1546);
            assertThat(Arrays.copyOfRange(ids, 31, ids.length))
                    .containsExactly(
                            3148, 1001, 29901, 29871, -200, 29871, 13, -200, 29871, 13, 11008, 29973, 319, 1799, 9047,
                            13566, 29901);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false", "3, true", "3, false"})
    void learnsWhatLlavaLearns(int rounds, boolean legacy) throws IOException {
        try (var tokenizer = tokenizer(legacy)) {
            var sample = new PromptTokenizer(tokenizer, Conversation.V1).sample(conversation(rounds), FILE);

            assertThat(sample.labels()).isEqualTo(countedLabels(sample.ids(), rounds, tokenizer, legacy));
        }
    }

    private static InstructionSample conversation(int rounds) {
        var turns = new ArrayList<Turn>();
        for (int round = 0; round < rounds; round++) {
            turns.add(PromptTokenizerTest.human((round == 0 ? "<image>\n" : "") + question(round)));
            turns.add(PromptTokenizerTest.gpt(answer(round)));
        }
        return PromptTokenizerTest.sample(1, turns.toArray(Turn[]::new));
    }

    /** {@code preprocess_v1}: what is ignored follows from the lengths of parts that are tokenized by themselves. */
    private static int[] countedLabels(int[] ids, int rounds, LlamaTokenizer tokenizer, boolean legacy) {
        var labels = ids.clone();
        labels[0] = -100;
        int current = 1;
        for (int round = 0; round < rounds; round++) {
            var opening = (round == 0 ? SystemTexts.chat("user") + " " : "") + "USER: "
                    + (round == 0 ? "<image>\n" : "") + question(round) + " ASSISTANT: ";
            int shorter = round > 0 && !legacy ? 1 : 0;
            int roundLength = length(opening + answer(round), tokenizer) - shorter;
            int ignored = length(opening, tokenizer) - 2 - shorter;
            Arrays.fill(labels, current, current + ignored, -100);
            current += roundLength;
        }
        Arrays.fill(labels, current, labels.length, -100);
        assertThat(current).isEqualTo(ids.length);
        return labels;
    }

    /** {@code tokenizer_image_token}. */
    private static int length(String text, LlamaTokenizer tokenizer) {
        return IntStream.of(Arrays.stream(text.split("<image>", -1))
                        .mapToInt(part -> tokenizer.encode(part).length)
                        .toArray())
                .sum();
    }

    private static String question(int round) {
        return List.of("Which stage is this?", "And why?", "Are there spindles, or K-complexes?")
                .get(round);
    }

    private static String answer(int round) {
        return List.of("The stage is N2.", "Because of its spindles.", "Three; none.")
                .get(round);
    }

    private LlamaTokenizer tokenizer(boolean legacy) throws IOException {
        var model = Path.of(System.getProperty("eegvlm.testData", ""), "llama", "tokenizer.model");
        assumeTrue(Files.exists(model), "skipped: Llama's tokenizer is not at " + model);
        Files.copy(model, folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"legacy\": " + legacy + "}");
        return LlamaTokenizer.load(folder);
    }
}
