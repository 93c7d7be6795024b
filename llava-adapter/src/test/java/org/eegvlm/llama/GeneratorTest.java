package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    private NDScope scope;
    private TinyLlama llama;
    private Generator generator;

    @BeforeEach
    void open() throws IOException {
        llama = TinyLlama.adapted();
        generator = new Generator(llama.decoder, TinyLlama::text, List.of());
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        llama.close();
    }

    /** transformers made the golden ids prompt by prompt, without padding and without a cache. */
    @Test
    void writesForAPaddedBatchWhatTransformersWritesOneByOne() throws IOException {
        var answers = generator.greedy(llama.embeddings(), TinyLlama.LENGTHS, 8);

        assertThat(answers.get(0)).isEqualTo(llama.goldenIds("greedy.0"));
        assertThat(answers.get(1)).isEqualTo(llama.goldenIds("greedy.1"));
    }

    @Test
    void stopsEachRowAtAnEndToken() throws IOException {
        int end = llama.goldenIds("greedy.0")[4];
        try (var other = TinyLlama.endingWith(2, end);
                var prompt = new Generator(other.decoder).prefill(llama.embeddings(), TinyLlama.LENGTHS, 7)) {
            var answers = new Generator(other.decoder).generate(prompt, GenerationOptions.greedy(7));

            assertThat(answers.get(0).tokens()).isEqualTo(Arrays.copyOf(llama.goldenIds("greedy.0"), 4));
            assertThat(answers.get(0).ending()).isEqualTo(Ending.END);
            assertThat(answers.get(1).tokens()).isEqualTo(Arrays.copyOf(llama.goldenIds("greedy.1"), 7));
            assertThat(answers.get(1).ending()).isEqualTo(Ending.LENGTH);
        }
    }

    @Test
    void weighsCandidatesAsAFullPassOverEachSentenceDoes() throws IOException {
        int[] prefix = {5, 9};
        var candidates = List.of(new int[] {7}, new int[] {7, 3, 11}, new int[] {20, 4});
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 5)) {
            var logP = generator.continuationLogProbabilities(prompt, prefix, candidates);

            for (int row = 0; row < 2; row++) {
                for (int c = 0; c < candidates.size(); c++) {
                    assertThat(logP[row][c]).isCloseTo(fullPass(row, prefix, candidates.get(c)), within(1e-4));
                }
            }
        }
    }

    @Test
    void weighsAllWordsTogetherAsOne() throws IOException {
        var words = IntStream.range(0, 64).mapToObj(word -> new int[] {word}).toList();
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 1)) {
            var logP = generator.continuationLogProbabilities(prompt, new int[0], words);

            assertThat(Arrays.stream(logP[0]).map(Math::exp).sum()).isCloseTo(1, within(1e-5));
            assertThat(Arrays.stream(logP[1]).map(Math::exp).sum()).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void weighsAndWritesFromTheSamePromptInAnyOrder() throws IOException {
        var candidates = List.of(new int[] {7, 8}, new int[] {9});
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 8)) {
            var before = generator.continuationLogProbabilities(prompt, new int[] {3}, candidates);
            var answers = generator.generate(prompt, GenerationOptions.greedy(8));
            var after = generator.continuationLogProbabilities(prompt, new int[] {3}, candidates);

            assertThat(after).isDeepEqualTo(before);
            assertThat(answers.get(1).tokens()).isEqualTo(llama.goldenIds("greedy.1"));
        }
    }

    @Test
    void stopsAtAStringAndNotAtTheTokensAroundIt() throws IOException {
        var whole = TinyLlama.text(llama.goldenIds("greedy.0"));
        var options = GenerationOptions.greedy(8).withStops(List.of(whole.substring(3, 5)));
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 8)) {
            var answer = generator.generate(prompt, options).get(0);

            assertThat(answer.text()).isEqualTo(whole.substring(0, 3));
            assertThat(answer.tokens()).isEqualTo(Arrays.copyOf(llama.goldenIds("greedy.0"), 5));
            assertThat(answer.ending()).isEqualTo(Ending.STOP);
        }
    }

    @Test
    void tellsEachRowsTextInPartsThatMakeTheWhole() throws IOException {
        var parts = new ArrayList<AnswerObserver.Part>();
        var options = GenerationOptions.greedy(8).withStops(List.of("zz"));
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 8)) {
            var answers = generator.generate(prompt, options, new long[2], parts::add);

            assertThat(parts.stream().filter(part -> part.row() == 1).map(AnswerObserver.Part::text))
                    .hasSize(8)
                    .satisfies(texts -> assertThat(String.join("", texts))
                            .isEqualTo(answers.get(1).text()));
            assertThat(parts.stream()
                            .filter(part -> part.row() == 1)
                            .flatMap(part -> part.tokens().stream())
                            .mapToInt(token -> token)
                            .toArray())
                    .isEqualTo(llama.goldenIds("greedy.1"));
            assertThat(parts.get(parts.size() - 1).ending()).contains(Ending.LENGTH);
        }
    }

    @Test
    void endsACancelledRowAtOnceAndLetsTheOtherGoOn() throws IOException {
        var cancelled = new AtomicBoolean();
        var observer = new AnswerObserver() {
            @Override
            public void on(Part part) {
                cancelled.set(true);
            }

            @Override
            public boolean cancelled(int row) {
                return row == 0 && cancelled.get();
            }
        };
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 8)) {
            var answers = generator.generate(prompt, GenerationOptions.greedy(8), new long[2], observer);

            assertThat(answers.get(0).tokens()).isEqualTo(Arrays.copyOf(llama.goldenIds("greedy.0"), 1));
            assertThat(answers.get(0).ending()).isEqualTo(Ending.CANCELLED);
            assertThat(answers.get(1).tokens()).isEqualTo(llama.goldenIds("greedy.1"));
        }
    }

    @Test
    void leavesNoTensorBehindWhereTheObserverFails() throws IOException {
        var embeddings = llama.embeddings();
        int before = llama.decoder.kernels().manager().getManagedArrays().size();

        assertThatThrownBy(() -> {
                    try (var prompt = generator.prefill(embeddings, TinyLlama.LENGTHS, 8)) {
                        generator.generate(prompt, GenerationOptions.greedy(8).withBeams(3), new long[2], part -> {
                            throw new IllegalStateException("the client is gone");
                        });
                    }
                })
                .hasMessage("the client is gone");

        assertThat(llama.decoder.kernels().manager().getManagedArrays()).hasSize(before);
    }

    @Test
    void drawsForARowTheSameAloneAndInABatch() throws IOException {
        var warm = GenerationOptions.greedy(20).withTemperature(1).withSeed(11);
        try (var both = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 20);
                var second = generator.prefill(llama.embeddings().get("1:2"), new int[] {6}, 20)) {
            var together = generator.generate(both, warm).get(1);
            var alone = generator.generate(second, warm).get(0);

            assertThat(together.tokens()).isEqualTo(alone.tokens());
            assertThat(generator.generate(second, warm.withSeed(12)).get(0).tokens())
                    .isNotEqualTo(alone.tokens());
        }
    }

    @Test
    void readsABeginningOnceForPromptsThatShareIt() throws IOException {
        int[] ends = {4, 2};
        var ids = sharedBeginning();
        try (var whole = generator.prefill(llama.decoder.embed(ids), new int[] {9, 7}, 6);
                var beginning = whole.beginning(6);
                var shared = generator.prefill(beginning, 5, llama.decoder.embed(ids.get(":, 5:")), ends, 6)) {
            assertThat(shared.last().toFloatArray())
                    .containsExactly(whole.last().toFloatArray(), Offset.offset(1e-5f));
            assertThat(tokens(shared)).isDeepEqualTo(tokens(whole));
        }
    }

    @Test
    void refusesABeginningThatIsTooShort() throws IOException {
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 1);
                var beginning = prompt.beginning(3)) {
            var rest = llama.embeddings();

            assertThatThrownBy(() -> generator.prefill(beginning, 4, rest, TinyLlama.LENGTHS, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a beginning of 3 tokens has no 4 to share");
        }
    }

    @Test
    void refusesMoreTokensThanThePromptLeftRoomFor() throws IOException {
        try (var prompt = generator.prefill(llama.embeddings(), TinyLlama.LENGTHS, 4)) {
            assertThatThrownBy(() -> generator.generate(prompt, GenerationOptions.greedy(5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("room for 4");
        }
    }

    @Test
    void refusesAPromptLongerThanTheModelsPositions() throws IOException {
        var embeddings = llama.embeddings();

        assertThatThrownBy(() -> generator.prefill(embeddings, TinyLlama.LENGTHS, 56))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 positions");
    }

    @Test
    void leavesNoTensorBehind() throws IOException {
        var embeddings = llama.embeddings();
        int before = llama.decoder.kernels().manager().getManagedArrays().size();

        generator.greedy(embeddings, TinyLlama.LENGTHS, 4);

        assertThat(llama.decoder.kernels().manager().getManagedArrays()).hasSize(before);
    }

    /** Both prompts with the first's five first tokens. */
    private NDArray sharedBeginning() throws IOException {
        var ids = llama.ids().toLongArray();
        System.arraycopy(ids, 0, ids, 9, 5);
        return llama.manager.create(ids, new Shape(2, 9));
    }

    private int[][] tokens(Prefill prompt) {
        return generator.generate(prompt, GenerationOptions.greedy(6)).stream()
                .map(GeneratedAnswer::tokens)
                .toArray(int[][]::new);
    }

    /** log p of the candidate after prompt and prefix, without a cache and without a batch. */
    private double fullPass(int row, int[] prefix, int[] candidate) throws IOException {
        int spoken = TinyLlama.LENGTHS[row] + prefix.length;
        var sentence = IntStream.concat(
                        IntStream.concat(
                                Arrays.stream(llama.ids().get(row).toLongArray(), 0, TinyLlama.LENGTHS[row])
                                        .mapToInt(Math::toIntExact),
                                Arrays.stream(prefix)),
                        Arrays.stream(candidate))
                .asLongStream()
                .toArray();
        NDArray ids = llama.manager.create(sentence, new Shape(1, sentence.length));
        var logits = llama.decoder.logits(llama.forward(llama.decoder.embed(ids)));
        var logP = logits.logSoftmax(-1).get(0);
        return IntStream.range(0, candidate.length)
                .mapToDouble(i -> logP.getFloat(spoken + i - 1, candidate[i]))
                .sum();
    }
}
