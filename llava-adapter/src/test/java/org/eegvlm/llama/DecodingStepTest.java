package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.llama.Closeness.greatestError;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The step in Java beside the kernels of torch, which are compared with transformers elsewhere. */
class DecodingStepTest {

    private static final int STEPS = 3;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "llama2, fp32, base", "llama2, bf16, lora",
        "llama3, fp32, lora", "llama3, bf16, base",
        "smollm2, fp32, merged", "smollm2, bf16, lora"
    })
    void continuesPromptsOfDifferentLengthsAsTorchDoesInFp32(String name, String type, String adaptation)
            throws IOException {
        try (var family = Family.open(name, type).as(adaptation);
                var exact = Family.open(name, "fp32").as(adaptation);
                var prompt = prompt(family);
                var exactPrompt = prompt(exact)) {
            for (int step = 0; step < STEPS; step++) {
                var tokens = tokens(family, step);

                var logits = inJava(family, prompt, tokens, step);

                var expected = byTorch(exact, exactPrompt, tokens, step);
                assertThat(greatestError(logits, expected.toFloatArray()))
                        .isLessThanOrEqualTo(type.equals("fp32") ? 1e-5 : 2e-2);
            }
        }
    }

    @Test
    void answersTwoAtOnceAsOneAfterTheOther() throws Exception {
        try (var family = Family.open("smollm2", "fp32")) {
            Callable<int[]> answering = () -> greedy(family, 0);
            var expected = answering.call();

            var answers = threads.invokeAll(Collections.nCopies(2, answering));

            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void isClosedOnlyBetweenTwoSteps() throws Exception {
        var family = Family.open("smollm2", "fp32");
        try (var prompt = prompt(family)) {
            var steps = threads.submit(() -> {
                while (true) {
                    inJava(family, prompt, tokens(family, 0), 0);
                }
            });
            Thread.sleep(50);

            family.close();

            assertThatThrownBy(steps::get).hasRootCauseMessage("the decoder is closed");
        }
    }

    @Test
    void takesTheWeightsThatAnAdapterWasMergedInto() throws IOException {
        try (var family = Family.open("smollm2", "fp32");
                var prompt = prompt(family)) {
            var tokens = tokens(family, 0);
            inJava(family, prompt, tokens, 0);

            family.as("merged");

            assertThat(greatestError(
                            inJava(family, prompt, tokens, 0),
                            byTorch(family, prompt, tokens, 0).toFloatArray()))
                    .isLessThanOrEqualTo(1e-5);
        }
    }

    private static Prefill prompt(Family family) throws IOException {
        return new Generator(family.decoder).prefill(family.embeddings(), family.lengths, STEPS);
    }

    private static int[] greedy(Family family, int row) throws IOException {
        var embeddings = family.embeddings().get("%d:%d".formatted(row, row + 1));
        return new Generator(family.decoder)
                .greedy(embeddings, new int[] {family.lengths[row]}, 32)
                .get(0);
    }

    private static long[] tokens(Family family, int step) {
        return IntStream.range(0, family.lengths.length)
                .mapToLong(row -> (7 + 5 * row + 11 * step) % family.config.vocabularySize())
                .toArray();
    }

    private static float[] inJava(Family family, Prefill prompt, long[] tokens, int step) {
        var rows = family.decoder.steps().logits(tokens, starts(family, step), prompt.cache());
        var flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
        }
        return flat;
    }

    private static long[] starts(Family family, int step) {
        return Arrays.stream(family.lengths).mapToLong(length -> length + step).toArray();
    }

    private static NDArray byTorch(Family family, Prefill prompt, long[] tokens, int step) {
        var decoder = family.decoder;
        var starts =
                Arrays.stream(family.lengths).mapToLong(length -> length + step).toArray();
        var ids = decoder.kernels().manager().create(tokens, new Shape(tokens.length, 1));
        return decoder.logits(
                decoder.extend(decoder.embed(ids), starts, prompt.cache()).squeeze(1));
    }
}
