package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.util.Arrays;

/**
 * A recursive digital filter as a chain of second-order sections, the form that keeps its precision at high orders.
 *
 * <p>A section is {@code {b0, b1, b2, a1, a2}}: H(z) = (b0 + b1·z⁻¹ + b2·z⁻²) / (1 + a1·z⁻¹ + a2·z⁻²). For use by any
 * number of threads.
 */
public final class SecondOrderSections {

    private final double[][] sections;

    SecondOrderSections(double[][] sections) {
        this.sections = sections;
    }

    /**
     * Takes out one frequency, such as that of the mains; SciPy's {@code iirnotch}.
     *
     * @param quality the frequency over the width of the notch at −3 dB
     */
    public static SecondOrderSections notch(double hz, double quality, double rateHz) {
        requireBelowNyquist(hz, rateHz);
        require(quality > 0, "a notch's quality must be positive, was %s", quality);
        double angle = 2 * Math.PI * hz / rateHz;
        double gain = 1 / (1 + Math.tan(angle / quality / 2));
        double middle = -2 * gain * Math.cos(angle);
        return new SecondOrderSections(new double[][] {{gain, middle, gain, middle, 2 * gain - 1}});
    }

    static void requireBelowNyquist(double hz, double rateHz) {
        require(
                hz > 0 && hz < rateHz / 2,
                "a filter's edge must be between 0 and half the sampling rate of %s Hz, was %s Hz",
                rateHz,
                hz);
    }

    /** The magnitude of one section's response at an angle in radians a sample. */
    static double gain(double[] section, double angle) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double cos2 = Math.cos(2 * angle);
        double sin2 = Math.sin(2 * angle);
        double above =
                Math.hypot(section[0] + section[1] * cos + section[2] * cos2, section[1] * sin + section[2] * sin2);
        double below = Math.hypot(1 + section[3] * cos + section[4] * cos2, section[3] * sin + section[4] * sin2);
        return above / below;
    }

    /** How many samples {@link #zeroPhase} needs at least: more than it puts at either end. */
    public int leastSamples() {
        return padding() + 1;
    }

    /**
     * Filters forwards and backwards, so that nothing is shifted in time; SciPy's {@code sosfiltfilt}. Before the first
     * and after the last sample the signal is continued by its mirror image turned about that sample, and each pass
     * starts in the state that a constant input would have led to.
     *
     * @throws IllegalArgumentException if there are fewer than {@link #leastSamples()}
     */
    public double[] zeroPhase(double[] samples) {
        int padding = padding();
        require(samples.length > padding, "the filter needs at least %d samples, had %d", padding + 1, samples.length);
        var signal = extended(samples, padding);
        pass(signal);
        reverse(signal);
        pass(signal);
        reverse(signal);
        return Arrays.copyOfRange(signal, padding, padding + samples.length);
    }

    private int padding() {
        int firstOrder = 0;
        for (var section : sections) {
            firstOrder += section[2] == 0 && section[4] == 0 ? 1 : 0;
        }
        return 3 * (2 * sections.length + 1 - firstOrder);
    }

    private static double[] extended(double[] samples, int padding) {
        int last = samples.length - 1;
        var extended = new double[samples.length + 2 * padding];
        System.arraycopy(samples, 0, extended, padding, samples.length);
        for (int i = 1; i <= padding; i++) {
            extended[padding - i] = 2 * samples[0] - samples[i];
            extended[padding + last + i] = 2 * samples[last] - samples[last - i];
        }
        return extended;
    }

    /** In place, in the transposed direct form II. */
    private void pass(double[] signal) {
        double level = signal[0];
        for (var section : sections) {
            double b0 = section[0];
            double b1 = section[1];
            double b2 = section[2];
            double a1 = section[3];
            double a2 = section[4];
            double steady = (b0 + b1 + b2) / (1 + a1 + a2);
            double second = (b2 - a2 * steady) * level;
            double first = (b1 - a1 * steady) * level + second;
            level *= steady;
            for (int i = 0; i < signal.length; i++) {
                double x = signal[i];
                double y = b0 * x + first;
                first = b1 * x - a1 * y + second;
                second = b2 * x - a2 * y;
                signal[i] = y;
            }
        }
    }

    private static void reverse(double[] values) {
        for (int i = 0, j = values.length - 1; i < j; i++, j--) {
            double value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
