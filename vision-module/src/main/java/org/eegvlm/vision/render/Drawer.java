package org.eegvlm.vision.render;

/** One way of drawing. Safe for use by many threads. */
interface Drawer extends AutoCloseable {

    /**
     * @param microvolts the samples of each channel, over all that is shown; NaN where nothing was recorded
     * @param rateHz samples per second of each channel
     */
    EegImage draw(float[][] microvolts, double[] rateHz);

    /**
     * Refuses what no epoch of such signals could be drawn as, before the first one is.
     *
     * @throws IllegalArgumentException if a signal of this rate cannot be drawn
     */
    default void requireFor(double rateHz) {}

    /** What there is before anything is drawn. */
    EegImage blank();

    @Override
    default void close() {}
}
