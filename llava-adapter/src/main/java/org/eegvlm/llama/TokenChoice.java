package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;

/** How the next token of every row is chosen from its logits [B, V]. */
interface TokenChoice {

    long[] next(NDArray logits);

    static TokenChoice of(GenerationOptions options, long[] seeds) {
        return options.samples() ? drawn(options, seeds) : TokenChoice::likeliest;
    }

    /** The choice is made on the device: of all the logits only one a row is copied. */
    private static long[] likeliest(NDArray logits) {
        var found = GenerationKernels.on(logits.getDevice())
                .tensor("likeliest", logits)
                .toDoubleArray();
        int rows = found.length / 2;
        for (int row = 0; row < rows; row++) {
            Sampler.requireNumber(found[rows + row]);
        }
        return Arrays.stream(found, 0, rows).mapToLong(token -> (long) token).toArray();
    }

    /** One random sequence a row, so that a row's tokens do not depend on its neighbours. */
    private static TokenChoice drawn(GenerationOptions options, long[] seeds) {
        var samplers = Arrays.stream(seeds)
                .mapToObj(seed -> new Sampler(options, seed))
                .toList();
        return logits -> {
            var values = logits.toFloatArray();
            int words = values.length / samplers.size();
            return IntStream.range(0, samplers.size())
                    .mapToLong(
                            row -> samplers.get(row).draw(Arrays.copyOfRange(values, row * words, (row + 1) * words)))
                    .toArray();
        };
    }
}
