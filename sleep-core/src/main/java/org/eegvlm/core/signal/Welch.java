package org.eegvlm.core.signal;

/** The power spectral density of an epoch after Welch 1967, as {@link BandPowers} describes it. */
final class Welch {

    private Welch() {}

    /**
     * @return the one-sided density in µV²/Hz; bin k is at k · rate / N, where N is the padded window's length
     */
    static double[] density(float[] samples, double rateHz, int window) {
        var hann = hann(window);
        int padded = Fft.lengthFor(window);
        var density = new double[padded / 2 + 1];
        int windows = 0;
        for (int start = 0; start + window <= samples.length; start += window - window / 2) {
            addPeriodogram(density, samples, start, hann, padded);
            windows++;
        }
        double energy = 0;
        for (double h : hann) {
            energy += h * h;
        }
        for (int bin = 0; bin < density.length; bin++) {
            boolean hasTwin = bin > 0 && bin < padded / 2;
            density[bin] *= (hasTwin ? 2 : 1) / (windows * rateHz * energy);
        }
        return density;
    }

    private static void addPeriodogram(double[] sum, float[] samples, int start, double[] hann, int padded) {
        double mean = 0;
        for (int i = 0; i < hann.length; i++) {
            mean += samples[start + i] / (double) hann.length;
        }
        var real = new double[padded];
        var imaginary = new double[padded];
        for (int i = 0; i < hann.length; i++) {
            real[i] = (samples[start + i] - mean) * hann[i];
        }
        Fft.forward(real, imaginary);
        for (int bin = 0; bin < sum.length; bin++) {
            sum[bin] += real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
        }
    }

    /** The periodic form, as for every spectrum. */
    static double[] hann(int length) {
        var window = new double[length];
        for (int i = 0; i < length; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / length);
        }
        return window;
    }
}
