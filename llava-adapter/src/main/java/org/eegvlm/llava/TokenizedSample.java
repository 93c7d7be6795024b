package org.eegvlm.llava;

import java.util.Arrays;

/**
 * A conversation as token ids.
 *
 * @param id the sample's, also its feature row's
 * @param ids {@link #IMAGE} where a picture goes
 * @param labels the id where the model is to learn it, else {@link #IGNORED}; not shifted, as long as {@code ids}
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenizedSample(String id, int[] ids, int[] labels) {

    /** LLaVA's {@code IMAGE_TOKEN_INDEX}. */
    public static final int IMAGE = -200;

    /** What cross entropy skips. */
    public static final int IGNORED = -100;

    public TokenizedSample {
        if (ids.length != labels.length) {
            throw new IllegalArgumentException(
                    "sample %s has %d ids but %d labels".formatted(id, ids.length, labels.length));
        }
    }

    /** How many pictures it names. */
    public int pictures() {
        int count = 0;
        for (int token : ids) {
            count += token == IMAGE ? 1 : 0;
        }
        return count;
    }

    /** How many of its tokens are to be learnt. */
    public long supervised() {
        return supervised(labels);
    }

    /** Nothing stands before the first token that could tell it: its label is no lesson. */
    static long supervised(int[] labels) {
        return Arrays.stream(labels).skip(1).filter(label -> label != IGNORED).count();
    }
}
