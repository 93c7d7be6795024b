package org.eegvlm.finetune.data;

import org.eegvlm.llava.SpliceLayout;

/**
 * What the greatest length costs.
 *
 * @param samples that are cut
 * @param of so many
 * @param tokens that are lost
 * @param learnt of these were to be learnt
 */
public record TruncatedTokens(int samples, int of, long tokens, long learnt, int maxLength) {

    /** Counts what is lost of the samples. */
    public static TruncatedTokens of(TrainingData data) {
        int samples = 0;
        long tokens = 0;
        long learnt = 0;
        int maxLength = data.limits().maxLength();
        for (int i = 0; i < data.size(); i++) {
            var sample = data.tokens().get(i);
            int lost = SpliceLayout.length(sample, data.mode(), data.limits().patches()) - maxLength;
            if (lost > 0) {
                samples++;
                tokens += lost;
                learnt += sample.supervised() - data.supervised(i);
            }
        }
        return new TruncatedTokens(samples, data.size(), tokens, learnt, maxLength);
    }

    @Override
    public String toString() {
        return "%d of %d samples are cut at %d tokens: %d tokens are lost, of which %d were to be learnt"
                .formatted(samples, of, maxLength, tokens, learnt);
    }
}
