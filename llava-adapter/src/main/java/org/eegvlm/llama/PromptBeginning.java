package org.eegvlm.llama;

/**
 * What several prompts begin with, read once: an instruction, or examples before the question. Made by
 * {@link Prefill#beginning}, used by {@link Generator#prefill(PromptBeginning, int, ai.djl.ndarray.NDArray, int[], int)}
 * any number of times, while the decoder and its adapter stay as they are; closed by the caller.
 */
public final class PromptBeginning implements AutoCloseable {

    private final KvCache cache;
    private final int tokens;

    /** @param cache of one row */
    PromptBeginning(KvCache cache, int tokens) {
        this.cache = cache;
        this.tokens = tokens;
    }

    /** How many tokens it has. */
    public int tokens() {
        return tokens;
    }

    KvCache cache() {
        return cache;
    }

    @Override
    public void close() {
        cache.close();
    }
}
