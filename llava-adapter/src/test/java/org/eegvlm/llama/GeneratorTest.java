package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.LoadOptions;
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
        generator = new Generator(llama.decoder);
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
        try (var decoder = decoderEndingWith(end)) {
            var answers = new Generator(decoder).greedy(llama.embeddings(), TinyLlama.LENGTHS, 7);

            assertThat(answers.get(0)).isEqualTo(Arrays.copyOf(llama.goldenIds("greedy.0"), 4));
            assertThat(answers.get(1)).isEqualTo(Arrays.copyOf(llama.goldenIds("greedy.1"), 7));
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

    private LlamaDecoder decoderEndingWith(int end) throws IOException {
        var known = llama.config;
        var config = new LlamaConfig(
                known.vocabularySize(),
                known.hiddenSize(),
                known.intermediateSize(),
                known.layers(),
                known.attention(),
                known.rmsNormEpsilon(),
                known.rope(),
                known.maxPositions(),
                known.tiedEmbeddings(),
                new SpecialTokens(1, List.of(2, end), 0));
        try (var checkpoint = Checkpoint.open(TinyLlama.folder())) {
            var decoder = LlamaDecoder.load(checkpoint, config, LoadOptions.on("cpu"));
            decoder.attach(llama.adapter);
            return decoder;
        }
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
