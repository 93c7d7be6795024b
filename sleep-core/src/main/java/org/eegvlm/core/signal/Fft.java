package org.eegvlm.core.signal;

/** The discrete Fourier transform for lengths that are powers of two (Cooley and Tukey 1965), in place. */
final class Fft {

    private Fft() {}

    /** The least power of two that is not below {@code n}. */
    static int lengthFor(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    /** X[k] = Σ x[n] · exp(−2πi·k·n / N). */
    static void forward(double[] real, double[] imaginary) {
        reverseBits(real, imaginary);
        for (int half = 1; half < real.length; half *= 2) {
            butterflies(real, imaginary, half);
        }
    }

    /** x[n] = 1/N · Σ X[k] · exp(2πi·k·n / N). */
    static void inverse(double[] real, double[] imaginary) {
        forward(imaginary, real); // swapping the parts conjugates both ends of the transform
        for (int i = 0; i < real.length; i++) {
            real[i] /= real.length;
            imaginary[i] /= real.length;
        }
    }

    private static void reverseBits(double[] real, double[] imaginary) {
        int shift = 1 + Integer.numberOfLeadingZeros(real.length);
        for (int i = 0; i < real.length; i++) {
            int j = real.length == 1 ? 0 : Integer.reverse(i) >>> shift;
            if (i < j) {
                swap(real, i, j);
                swap(imaginary, i, j);
            }
        }
    }

    private static void butterflies(double[] real, double[] imaginary, int half) {
        for (int k = 0; k < half; k++) {
            double cos = Math.cos(Math.PI * k / half);
            double sin = -Math.sin(Math.PI * k / half);
            for (int upper = k; upper < real.length; upper += 2 * half) {
                int lower = upper + half;
                double re = cos * real[lower] - sin * imaginary[lower];
                double im = cos * imaginary[lower] + sin * real[lower];
                real[lower] = real[upper] - re;
                imaginary[lower] = imaginary[upper] - im;
                real[upper] += re;
                imaginary[upper] += im;
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
