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

    /** The slots that stand {@code offset} behind the prompts. */
    long[] starts(int offset) {
        return Arrays.stream(lengths)
                .mapToLong(length -> (long) length + offset)
                .toArray();
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
