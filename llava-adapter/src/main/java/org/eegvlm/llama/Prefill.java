package org.eegvlm.llama;

import static org.eegvlm.llama.Preconditions.require;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/**
 * Prompts that were read once, from which any number of continuations can start.
 *
 * <p>What a continuation writes into the cache lies behind the prompts, where the next one writes over it; so one after
 * another, never two at once. Made by {@link Generator#prefill}; closed by the caller.
 */
public final class Prefill implements AutoCloseable {

    private final KvCache cache;
    private final int[] lengths;
    private final int room;
    private final NDArray last;

    /** @param last output of the last layer at each prompt's last token [B, H] */
    Prefill(KvCache cache, int[] lengths, int room, NDArray last) {
        this.cache = cache;
        this.lengths = lengths.clone();
        this.room = room;
        this.last = last;
    }

    /** How many prompts. */
    public int rows() {
        return lengths.length;
    }

    KvCache cache() {
        return cache;
    }

    NDArray last() {
        return last;
    }

    int longest() {
        return Arrays.stream(lengths).max().orElseThrow();
    }

    /** The positions of {@code count} tokens, row by row, of which the first stands {@code offset} behind the prompt. */
    long[] positions(int offset, int count) {
        var positions = new long[lengths.length * count];
        for (int row = 0; row < lengths.length; row++) {
            for (int i = 0; i < count; i++) {
                positions[row * count + i] = (long) lengths[row] + offset + i;
            }
        }
        return positions;
    }

    void requireRoom(int tokens) {
        require(tokens <= room, "%d tokens do not fit: the prompts left room for %d".formatted(tokens, room));
    }

    @Override
    public void close() {
        cache.close();
        last.close();
    }
}
