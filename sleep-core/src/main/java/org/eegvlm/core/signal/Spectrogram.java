package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.util.function.UnaryOperator;

/**
 * How a signal's power is spread over time and frequency.
 *
 * @param rateHz of the signal
 * @param window how many samples each spectrum is of
 * @param step how many samples later the next one starts
 * @param density for each window the one-sided power spectral density in µV²/Hz; not to be changed
 */
public record Spectrogram(double rateHz, int window, int step, double[][] density) {

    /**
     * One Hann window at a time, each freed of its mean: the squared short-time Fourier transform, SciPy's
     * {@code spectrogram(x, rate, "hann", window, window - step, detrend="constant")}.
     */
    public static Spectrogram hann(double[] samples, double rateHz, int window, int step) {
        var hann = Welch.hann(window);
        double energy = 0;
        for (double h : hann) {
            energy += h * h;
        }
        double scale = 1 / (rateHz * energy);
        var spectrum = new PowerSpectrum(window);
        return of(samples, rateHz, window, step, part -> periodogram(part, hann, spectrum, scale));
    }

    /**
     * Several tapers at a time, as {@link Multitaper} does.
     *
     * @param bandwidthHz over what width frequencies are blended
     */
    public static Spectrogram multitaper(double[] samples, double rateHz, int window, int step, double bandwidthHz) {
        return multitaper(samples, rateHz, window, step, new Multitaper(window, rateHz, bandwidthHz));
    }

    /** The same by tapers that were made before, for this window and rate: for many signals of a kind. */
    public static Spectrogram multitaper(double[] samples, double rateHz, int window, int step, Multitaper tapers) {
        return of(samples, rateHz, window, step, tapers::density);
    }

    /** The frequency of a bin. */
    public double hz(int bin) {
        return bin * rateHz / window;
    }

    /** The middle of a window, from the signal's start. */
    public double second(int index) {
        return (index * (double) step + window / 2.0) / rateHz;
    }

    private static Spectrogram of(
            double[] samples, double rateHz, int window, int step, UnaryOperator<double[]> spectrum) {
        require(
                2 <= window && window <= samples.length && 1 <= step,
                "windows of %d samples, %d apart, do not fit into %d",
                window,
                step,
                samples.length);
        var density = new double[(samples.length - window) / step + 1][];
        for (int i = 0; i < density.length; i++) {
            var part = new double[window];
            System.arraycopy(samples, i * step, part, 0, window);
            density[i] = spectrum.apply(part);
        }
        return new Spectrogram(rateHz, window, step, density);
    }

    private static double[] periodogram(double[] part, double[] hann, PowerSpectrum spectrum, double scale) {
        double mean = 0;
        for (double sample : part) {
            mean += sample / part.length;
        }
        for (int i = 0; i < part.length; i++) {
            part[i] = (part[i] - mean) * hann[i];
        }
        var power = spectrum.of(part);
        for (int k = 0; k < power.length; k++) {
            boolean hasTwin = k > 0 && 2 * k < part.length;
            power[k] *= (hasTwin ? 2 : 1) * scale;
        }
        return power;
    }
}
