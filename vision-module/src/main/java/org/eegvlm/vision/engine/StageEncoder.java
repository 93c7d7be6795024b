package org.eegvlm.vision.engine;

/** A network that tells stages from pictures, on some engine. Not for use by several threads at once. */
public interface StageEncoder extends AutoCloseable {

    /**
     * What it makes of N pictures; both matrices row by row.
     *
     * @param features [N, featureSize]
     * @param logits [N, 5], in the order of {@link org.eegvlm.core.SleepStage}
     */
    record Output(float[] features, float[] logits) {}

    /** @throws IllegalArgumentException if the pictures are not of its size */
    Output apply(PictureBatch pictures);

    @Override
    void close();
}
