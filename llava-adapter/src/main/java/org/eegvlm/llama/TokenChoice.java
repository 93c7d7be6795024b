package org.eegvlm.llama;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How the next token of every row is chosen. */
interface TokenChoice {

    long[] next(Logits logits);

    static TokenChoice of(GenerationOptions options, long[] seeds) {
        return options.samples() ? drawn(options, seeds) : Logits::likeliest;
    }

    /** One random sequence a row, so that a row's tokens do not depend on its neighbours. */
    private static TokenChoice drawn(GenerationOptions options, long[] seeds) {
        var samplers = Arrays.stream(seeds)
                .mapToObj(seed -> new Sampler(options, seed))
                .toList();
        return logits -> {
            var rows = logits.rows();
            return IntStream.range(0, samplers.size())
                    .mapToLong(row -> samplers.get(row).draw(rows[row]))
                    .toArray();
        };
    }
}
