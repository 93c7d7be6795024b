package org.eegvlm.llama.vector;

import java.util.Arrays;
import java.util.List;

/**
 * Attention of one token over the slots of a cache (Vaswani et al. 2017, arXiv:1706.03762), where several query heads
 * share a key head. Each worker takes some of the slots and reads each of their keys and values once, for all heads; what
 * they found is then joined, as in Flash-Decoding.
 *
 * @param heads query heads
 * @param keyHeads key and value heads; neighbouring query heads share one
 * @param part the arrangement of a head's numbers in a query and in the cache
 */
public record GroupedAttention(int heads, int keyHeads, Arrangement part) {

    /** What a worker found in its slots: per head the greatest score, the sum of the weights and of the weighted values. */
    public static final class Found {

        private final float[] greatest;
        private final float[] weights;
        private final float[] values;
        private float[] scores = new float[0];

        public Found(GroupedAttention attention) {
            greatest = new float[attention.heads];
            weights = new float[attention.heads];
            values = new float[attention.queryLength()];
        }
    }

    /** Numbers of all queries of a token, each arranged by itself. */
    public int queryLength() {
        return heads * part.length();
    }

    /**
     * Attends to slots that follow each other.
     *
     * @param queries arranged and scaled
     */
    public void attend(
            MappedMatrix keys, MappedMatrix values, int first, int count, float[] queries, Found found, int[] tile) {
        if (found.scores.length < heads * count) {
            found.scores = new float[2 * heads * count];
        }
        int group = heads / keyHeads;
        int step = keys.tileRows();
        for (int slot = 0; slot < count; slot += step) {
            int rows = Math.min(step, count - slot);
            keys.read(first + slot, rows, tile);
            for (int head = 0; head < heads; head++) {
                keys.products(
                        tile,
                        rows,
                        part,
                        head / group,
                        queries,
                        head * part.length(),
                        found.scores,
                        head * count + slot);
            }
        }
        for (int head = 0; head < heads; head++) {
            found.greatest[head] = VectorFunctions.greatest(found.scores, head * count, count);
            found.weights[head] = VectorFunctions.exponentials(found.scores, head * count, count, found.greatest[head]);
        }
        Arrays.fill(found.values, 0);
        for (int slot = 0; slot < count; slot += step) {
            int rows = Math.min(step, count - slot);
            values.read(first + slot, rows, tile);
            for (int head = 0; head < heads; head++) {
                values.addScaled(
                        tile,
                        rows,
                        part,
                        head / group,
                        found.scores,
                        head * count + slot,
                        found.values,
                        head * part.length());
            }
        }
    }

    /** Joins what the workers found: the attended values of all heads, not arranged. */
    public void join(List<Found> all, float[] attended) {
        int width = part.columns();
        Arrays.fill(attended, 0, VectorFunctions.padded(heads * width), 0);
        for (int head = 0; head < heads; head++) {
            float greatest = Float.NEGATIVE_INFINITY;
            for (var found : all) {
                greatest = Math.max(greatest, found.greatest[head]);
            }
            float weights = 0;
            for (var found : all) {
                weights += found.weights[head] * (float) Math.exp(found.greatest[head] - greatest);
            }
            for (var found : all) {
                float share = (float) Math.exp(found.greatest[head] - greatest) / weights;
                for (int i = 0; i < width; i++) {
                    attended[head * width + i] += share * found.values[head * part.length() + part.place(i)];
                }
            }
        }
    }
}
