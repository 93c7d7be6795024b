package org.eegvlm.core.signal;

import java.util.Arrays;

/**
 * A zero-phase band-pass filter for finding waves within one epoch: the epoch's spectrum, times 1 in the band, falling to
 * 0 on raised-cosine skirts. It cuts off more sharply than {@link Butterworth}, which is for whole recordings: what it
 * lets through of a neighbouring band would count as a spindle.
 */
final class BandPass {

    private BandPass() {}

    /**
     * @param skirtHz how far beyond either edge the response falls to 0; at most {@code lowHz}
     * @return as many values as there are samples
     */
    static double[] apply(float[] samples, double rateHz, double lowHz, double highHz, double skirtHz) {
        double mean = 0;
        for (float sample : samples) {
            mean += sample / (double) samples.length;
        }
        int padded = Fft.lengthFor(samples.length);
        var real = new double[padded];
        var imaginary = new double[padded];
        for (int i = 0; i < samples.length; i++) {
            real[i] = samples[i] - mean;
        }
        Fft.forward(real, imaginary);
        for (int bin = 0; bin < padded; bin++) {
            double hz = Math.min(bin, padded - bin) * rateHz / padded;
            double gain = gain(hz, lowHz, highHz, skirtHz);
            real[bin] *= gain;
            imaginary[bin] *= gain;
        }
        Fft.inverse(real, imaginary);
        return Arrays.copyOf(real, samples.length);
    }

    private static double gain(double hz, double lowHz, double highHz, double skirtHz) {
        double outside = Math.max(lowHz - hz, hz - highHz) / skirtHz;
        if (outside <= 0) {
            return 1;
        }
        return outside >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * outside);
    }
}
