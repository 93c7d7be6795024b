package org.eegvlm.vision;

/** A network that tells stages from pictures, on some engine. Not for use by several threads at once. */
public interface StageEncoder extends AutoCloseable {

    /**
     * What it makes of N pictures; both matrices row by row.
     *
     * @param features [N, featureSize]
     * @param logits [N, 5], in the order of {@link org.eegvlm.core.SleepStage}
     */
    record Output(float[] features, float[] logits) {}

    /**
     * @param pixels [count, bands, inputSize, inputSize] in C order; bands are the network's channels, or one that stands
     *     for each of them
     */
    Output apply(float[] pixels, int count);

    @Override
    void close();
}
