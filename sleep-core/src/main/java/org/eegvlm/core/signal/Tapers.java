package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.util.ArrayList;
import java.util.List;

/**
 * Discrete prolate spheroidal sequences (Slepian 1978): of all windows of a length those that keep most of their power
 * within a band around 0. They are orthogonal, so each sees the signal anew.
 *
 * <p>They are the eigenvectors with the largest eigenvalues of a tridiagonal matrix (Percival and Walden 1993, §8.3),
 * found by bisection and inverse iteration. Each has unit energy; the even ones have a positive mean, the odd ones start
 * positive. The same as SciPy's {@code windows.dpss(length, halfBandwidth, most, return_ratios=True)}.
 *
 * @param sequences the most concentrated first
 * @param concentrations which part of each one's power is within the band, 0 to 1
 */
record Tapers(List<double[]> sequences, double[] concentrations) {

    private static final int ITERATIONS = 4;

    /** @param halfBandwidth half the width of the band, in units of 1 / length of the window */
    static Tapers of(int length, double halfBandwidth, int most) {
        require(
                0 < halfBandwidth && halfBandwidth < length / 2.0 && 1 <= most && most <= length,
                "%d tapers of half-bandwidth %s do not fit into %d samples",
                most,
                halfBandwidth,
                length);
        var matrix = matrix(length, halfBandwidth);
        var sequences = new ArrayList<double[]>();
        var concentrations = new double[most];
        for (int order = 0; order < most; order++) {
            var sequence = matrix.eigenvector(matrix.eigenvalue(order), order, ITERATIONS);
            orient(sequence, order);
            concentrations[order] = concentration(sequence, halfBandwidth / length);
            sequences.add(sequence);
        }
        return new Tapers(List.copyOf(sequences), concentrations);
    }

    private static SymmetricTridiagonal matrix(int length, double halfBandwidth) {
        double cos = Math.cos(2 * Math.PI * halfBandwidth / length);
        var diagonal = new double[length];
        var beside = new double[length - 1];
        for (int i = 0; i < length; i++) {
            double fromMiddle = (length - 1 - 2.0 * i) / 2;
            diagonal[i] = fromMiddle * fromMiddle * cos;
            if (i > 0) {
                beside[i - 1] = i * (double) (length - i) / 2;
            }
        }
        return new SymmetricTridiagonal(diagonal, beside);
    }

    private static void orient(double[] sequence, int order) {
        double sign = 0;
        if (order % 2 == 0) {
            for (double value : sequence) {
                sign += value;
            }
        } else {
            // The first values of a good taper are near 0: look at the first that stands out of the rounding.
            double threshold = Math.max(1e-7, 1.0 / sequence.length);
            int i = 0;
            while (i < sequence.length - 1 && sequence[i] * sequence[i] <= threshold) {
                i++;
            }
            sign = sequence[i];
        }
        if (sign < 0) {
            for (int i = 0; i < sequence.length; i++) {
                sequence[i] = -sequence[i];
            }
        }
    }

    /** Σ over lags of the autocorrelation times sin(2πW·lag) / (π·lag). */
    private static double concentration(double[] sequence, double halfBandwidth) {
        int padded = Fft.lengthFor(2 * sequence.length);
        var real = new double[padded];
        var imaginary = new double[padded];
        System.arraycopy(sequence, 0, real, 0, sequence.length);
        Fft.forward(real, imaginary);
        for (int k = 0; k < padded; k++) {
            real[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
            imaginary[k] = 0;
        }
        Fft.inverse(real, imaginary);
        double sum = 2 * halfBandwidth * real[0];
        for (int lag = 1; lag < sequence.length; lag++) {
            sum += 4 * halfBandwidth * Resampler.sinc(2 * halfBandwidth * lag) * real[lag];
        }
        return sum;
    }
}
