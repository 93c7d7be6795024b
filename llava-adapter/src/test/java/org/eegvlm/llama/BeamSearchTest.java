package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the beam search of transformers 4.52.4, prompt by prompt. */
class BeamSearchTest {

    @Tag("reference")
    @ParameterizedTest
    @MethodSource("golden")
    void findsInABatchWhatTransformersFindsForEachPrompt(List<JsonNode> prompts) throws IOException {
        var asked = prompts.get(0);
        var options = GenerationOptions.greedy(asked.path("max_new_tokens").asInt())
                .withBeams(asked.path("beams").asInt());
        var ends = numbers(asked.path("ends"));
        try (var llama = TinyLlama.endingWith(ends)) {
            var generator = new Generator(llama.decoder);
            try (var embeddings = llama.embeddings();
                    var prompt = generator.prefill(embeddings, TinyLlama.LENGTHS, options.maxNewTokens())) {
                var answers = generator.generate(prompt, options);

                assertThat(answers.get(0).tokens())
                        .containsExactly(withoutEnd(numbers(prompts.get(0).path("tokens")), ends));
                assertThat(answers.get(1).tokens())
                        .containsExactly(withoutEnd(numbers(prompts.get(1).path("tokens")), ends));
            }
        }
    }

    @Test
    void stopsABeamAtAStopString() throws IOException {
        try (var llama = TinyLlama.adapted()) {
            var generator = new Generator(llama.decoder, TinyLlama::text, List.of());
            var options = GenerationOptions.greedy(12).withBeams(2);
            try (var embeddings = llama.embeddings();
                    var prompt = generator.prefill(embeddings, TinyLlama.LENGTHS, 12)) {
                var whole = generator.generate(prompt, options).get(0);
                var stop = whole.text().substring(3, 5);

                var stopped = generator
                        .generate(prompt, options.withStops(List.of(stop)))
                        .get(0);

                assertThat(whole.ending()).isEqualTo(Ending.LENGTH);
                assertThat(stopped.text()).doesNotContain(stop);
                assertThat(stopped.ending()).isIn(Ending.STOP, Ending.LENGTH);
            }
        }
    }

    static Iterable<List<JsonNode>> golden() throws IOException {
        var cases = StreamSupport.stream(
                        Json.readTree(TinyLlama.resource("generation.json"))
                                .path("beams")
                                .spliterator(),
                        false)
                .toList();
        return StreamSupport.stream(cases.spliterator(), false)
                .filter(node -> node.path("row").asInt() == 0)
                .map(first -> cases.subList(cases.indexOf(first), cases.indexOf(first) + 2))
                .toList();
    }

    private static int[] withoutEnd(int[] tokens, int[] ends) {
        int last = tokens[tokens.length - 1];
        boolean ended = Arrays.stream(ends).anyMatch(end -> end == last);
        return ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
    }

    private static int[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
