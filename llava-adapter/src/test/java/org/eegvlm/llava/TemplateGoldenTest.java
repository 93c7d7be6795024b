package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts, ids and labels of LLaVA's own rules, of {@code reference/make_tiny_json_tokenizer.py}. */
@Tag("reference")
class TemplateGoldenTest {

    private static final Path TOKENIZERS = Path.of("src/test/resources/org/eegvlm/tokenizer");

    @TempDir
    private Path folder;

    record Case(
            String tokenizer,
            boolean legacy,
            String conversation,
            List<String> questions,
            List<String> answers,
            int pictures,
            String text,
            List<Integer> ids,
            List<Integer> labels) {

        InstructionSample sample() {
            var turns = new ArrayList<Turn>();
            for (int i = 0; i < questions.size(); i++) {
                turns.add(PromptTokenizerTest.human(questions.get(i)));
                turns.add(PromptTokenizerTest.gpt(answers.get(i)));
            }
            return PromptTokenizerTest.sample(pictures, turns.toArray(Turn[]::new));
        }

        List<Conversation.Round> rounds() {
            return IntStream.range(0, questions.size())
                    .mapToObj(i -> new Conversation.Round(questions.get(i), Optional.of(answers.get(i))))
                    .toList();
        }
    }

    static Stream<Case> cases() throws IOException {
        return Arrays.stream(Json.read(TOKENIZERS.resolve("tiny-tokenizer/labels.json"), Case[].class));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void learnsWhatLlavaLearns(Case expected) throws IOException {
        var conversation = Conversation.named(expected.conversation());

        try (var tokenizer = tokenizer(expected)) {
            var sample = new PromptTokenizer(tokenizer, conversation).sample(expected.sample(), Path.of("data.json"));

            assertThat(conversation.text(expected.rounds())).isEqualTo(expected.text());
            assertThat(sample.ids()).isEqualTo(ints(expected.ids()));
            assertThat(sample.labels()).isEqualTo(ints(expected.labels()));
        }
    }

    private LlamaTokenizer tokenizer(Case expected) throws IOException {
        if (!expected.tokenizer().equals("tiny-tokenizer")) {
            return LlamaTokenizer.load(TOKENIZERS.resolve(expected.tokenizer()));
        }
        Files.copy(TOKENIZERS.resolve("tiny-tokenizer/tokenizer.model"), folder.resolve("tokenizer.model"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"legacy\": %s}".formatted(expected.legacy()));
        return LlamaTokenizer.load(folder);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
