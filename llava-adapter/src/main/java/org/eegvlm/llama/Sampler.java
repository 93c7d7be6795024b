package org.eegvlm.llama;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws one row's tokens. With the same seed and the same logits it draws the same, whatever stands beside the row.
 */
final class Sampler {

    private final GenerationOptions options;
    private final SplittableRandom random;

    Sampler(GenerationOptions options, long seed) {
        this.options = options;
        this.random = new SplittableRandom(seed);
    }

    /** @param logits of all tokens [V] */
    int draw(float[] logits) {
        var probabilities = probabilities(logits, options);
        double left = random.nextDouble() * Arrays.stream(probabilities).sum();
        int drawn = -1;
        for (int token = 0; token < probabilities.length && left >= 0; token++) {
            if (probabilities[token] > 0) {
                drawn = token; // also the last one that can be drawn, where rounding leaves a little over
                left -= probabilities[token];
            }
        }
        return drawn;
    }

    /** What each token's chance is: the softmax of the logits after temperature, top-k and top-p. */
    static double[] probabilities(float[] logits, GenerationOptions options) {
        double greatest = IntStream.range(0, logits.length)
                .mapToDouble(token -> logits[token])
                .reduce(Double.NEGATIVE_INFINITY, Math::max);
        requireNumber(greatest);
        double least = options.topK() == 0 ? Double.NEGATIVE_INFINITY : ranked(logits, options.topK());
        var probabilities = new double[logits.length];
        for (int token = 0; token < logits.length; token++) {
            probabilities[token] =
                    logits[token] < least ? 0 : Math.exp((logits[token] - greatest) / options.temperature());
        }
        normalise(probabilities);
        if (options.topP() < 1) {
            dropTail(probabilities, 1 - options.topP());
            normalise(probabilities);
        }
        return probabilities;
    }

    /** @throws IllegalArgumentException if the greatest logit is not finite */
    static void requireNumber(double greatest) {
        if (!Double.isFinite(greatest)) {
            throw new ArithmeticException(
                    "the model's output is %s: where fp16 overflows, bf16 or fp32 may help".formatted(greatest));
        }
    }

    /** The k-th greatest. Whatever equals it stays, so that there may be more than k. */
    private static float ranked(float[] logits, int k) {
        var sorted = logits.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, sorted.length - k)];
    }

    /** Drops the least likely tokens as long as they have not more than {@code share} together; one always stays. */
    private static void dropTail(double[] probabilities, double share) {
        // Bits of a positive number sort like the number; so the token rides along in the lower half.
        var ascending = IntStream.range(0, probabilities.length)
                .mapToLong(token -> (long) Float.floatToIntBits((float) probabilities[token]) << 32 | token)
                .sorted()
                .toArray();
        double dropped = 0;
        for (int i = 0; i < ascending.length - 1; i++) {
            int token = (int) ascending[i];
            dropped += probabilities[token];
            if (dropped > share) {
                return;
            }
            probabilities[token] = 0;
        }
    }

    private static void normalise(double[] probabilities) {
        double sum = Arrays.stream(probabilities).sum();
        Arrays.setAll(probabilities, token -> probabilities[token] / sum);
    }
}
