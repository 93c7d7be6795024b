package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

/**
 * The heads of an attention layer.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads, each shared by {@code heads / keyValueHeads} query heads that follow each
 *     other (Ainslie et al. 2023, arXiv:2305.13245)
 * @param headDimension numbers per head
 */
public record AttentionShape(int heads, int keyValueHeads, int headDimension) {

    private static final int MOST_HEADS = 1024;
    private static final int WIDEST_HEAD = 1024;

    public AttentionShape {
        require(1 <= heads && heads <= MOST_HEADS, "attention heads must be in 1..1024, was " + heads);
        require(
                1 <= keyValueHeads && heads % keyValueHeads == 0,
                "%d heads cannot share %d key-value heads".formatted(heads, keyValueHeads));
        require(
                2 <= headDimension && headDimension <= WIDEST_HEAD && headDimension % 2 == 0,
                "head dimension must be even and in 2..1024, was " + headDimension);
    }

    /** The width of all queries together. */
    public int queryWidth() {
        return heads * headDimension;
    }

    /** The width of all keys, or of all values, together. */
    public int keyValueWidth() {
        return keyValueHeads * headDimension;
    }
}
