package org.eegvlm.llava;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.llama.PromptBeginning;

/**
 * The tokens with which prompts begin, read once.
 *
 * @param tokens text only: what stands before the first picture
 * @param read their keys and values
 */
@SuppressWarnings("ArrayRecordComponent")
record SharedBeginning(int[] tokens, PromptBeginning read) implements AutoCloseable {

    /** The tokens that all prompts begin with, before a picture; each keeps at least one of its own. */
    static int[] of(List<TokenizedSample> prompts) {
        var first = prompts.get(0).ids();
        int most = prompts.stream()
                .mapToInt(prompt -> prompt.ids().length - 1)
                .min()
                .orElse(0);
        int length = IntStream.range(0, most)
                .filter(t -> first[t] == TokenizedSample.IMAGE
                        || prompts.stream().anyMatch(prompt -> prompt.ids()[t] != first[t]))
                .findFirst()
                .orElse(most);
        return Arrays.copyOf(first, length);
    }

    /** How many of its tokens these begin with. */
    int common(int[] others) {
        int mismatch = Arrays.mismatch(tokens, others);
        return mismatch < 0 ? tokens.length : mismatch;
    }

    @Override
    public void close() {
        read.close();
    }
}
