package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Prompts that were read once, from which any number of continuations can start.
 *
 * <p>What a continuation writes into the cache lies behind the prompts, where the next one writes over it; so one after
 * another, never two at once. Made by {@link Generator#prefill}; closed by the caller.
 */
public final class Prefill implements AutoCloseable {

    private final LlamaDecoder decoder;
    private final KvCache cache;
    private final int[] lengths;
    private final int room;
    private final NDArray last;

    /** @param last output of the last layer at each prompt's last token [B, H] */
    Prefill(LlamaDecoder decoder, KvCache cache, int[] lengths, int room, NDArray last) {
        this.decoder = decoder;
        this.cache = cache;
        this.lengths = lengths.clone();
        this.room = room;
        this.last = last;
    }

    /** How many prompts. */
    public int rows() {
        return lengths.length;
    }

    /** How many tokens the longest prompt has. */
    public int longest() {
        return Arrays.stream(lengths).max().orElseThrow();
    }

    /** How many tokens may follow each prompt. */
    public int room() {
        return room;
    }

    /** fp32 logits [B][V] of the token that follows each prompt. */
    public float[][] logits() {
        int words = decoder.config().vocabularySize();
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var flat = decoder.logits(last).toFloatArray();
            var rows = new float[rows()][];
            Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * words, (row + 1) * words));
            return rows;
        }
    }

    KvCache cache() {
        return cache;
    }

    NDArray last() {
        return last;
    }

    /**
     * The last layer's outputs [B, n, H] for n tokens more.
     *
     * @param tokens row by row, n for each
     * @param offset how many tokens stand between the prompt and these, said before
     */
    NDArray say(long[] tokens, int offset) {
        int count = tokens.length / rows();
        requireRoom(offset + count);
        var starts = Arrays.stream(lengths)
                .mapToLong(length -> (long) length + offset)
                .toArray();
        return decoder.extend(decoder.embed(tensor(tokens, rows(), count)), starts, cache);
    }

    /** A copy of what the first prompt begins with, for later prompts that begin alike; the caller closes it. */
    public PromptBeginning beginning(int tokens) {
        require(1 <= tokens && tokens <= lengths[0], "cannot keep %d of %d tokens".formatted(tokens, lengths[0]));
        var kept = decoder.cache(1, tokens);
        kept.beginWith(GenerationKernels.on(decoder.kernels().device()), cache, tokens);
        return new PromptBeginning(kept, tokens);
    }

    /** Every prompt {@code times} times, one after the other, with caches of their own; the caller closes it. */
    Prefill repeated(int times) {
        var source = IntStream.range(0, rows() * times).map(row -> row / times).toArray();
        var kernels = GenerationKernels.on(decoder.kernels().device());
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var rows = tensor(Arrays.stream(source).asLongStream().toArray(), source.length);
            var repeatedLast = kernels.tensor("select", last, rows);
            NDScope.unregister(repeatedLast);
            var repeatedLengths = Arrays.stream(source).map(row -> lengths[row]).toArray();
            return new Prefill(decoder, cache.select(kernels, rows), repeatedLengths, room, repeatedLast);
        }
    }

    /** Continuations change places: what row n said becomes what row {@code rows[n]} said. */
    void reorder(long[] rows, int said) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int shortest = Arrays.stream(lengths).min().orElseThrow();
            cache.reorder(
                    GenerationKernels.on(decoder.kernels().device()),
                    tensor(rows, rows.length),
                    shortest,
                    longest() + said);
        }
    }

    void requireRoom(int tokens) {
        require(tokens <= room, "%d tokens do not fit: the prompts left room for %d".formatted(tokens, room));
    }

    private NDArray tensor(long[] values, long... shape) {
        return decoder.kernels().manager().create(values, new Shape(shape));
    }

    @Override
    public void close() {
        cache.close();
        last.close();
    }
}
