package org.eegvlm.core.signal;

/**
 * |X[k]|² of a real signal of any length, k = 0 … N/2: by {@link Fft} where the length is a power of two, else by
 * Bluestein's chirp (Bluestein 1970). Tables are made once a length. For use by any number of threads.
 */
final class PowerSpectrum {

    private final int length;
    private final double[] chirpCos;
    private final double[] chirpSin;
    private final double[] kernelReal;
    private final double[] kernelImaginary;

    PowerSpectrum(int length) {
        this.length = length;
        boolean direct = Integer.bitCount(length) == 1;
        int padded = direct ? 0 : Fft.lengthFor(2 * length - 1);
        chirpCos = new double[direct ? 0 : length];
        chirpSin = new double[chirpCos.length];
        kernelReal = new double[padded];
        kernelImaginary = new double[padded];
        if (!direct) {
            makeTables(padded);
        }
    }

    int bins() {
        return length / 2 + 1;
    }

    /** @param signal as many samples as the length; may be overwritten */
    double[] of(double[] signal) {
        boolean direct = kernelReal.length == 0;
        var real = direct ? signal : new double[kernelReal.length];
        var imaginary = new double[real.length];
        if (direct) {
            Fft.forward(real, imaginary);
        } else {
            convolveWithChirp(signal, real, imaginary);
        }
        var power = new double[bins()];
        for (int k = 0; k < power.length; k++) {
            power[k] = real[k] * real[k] + imaginary[k] * imaginary[k];
        }
        return power;
    }

    private void makeTables(int padded) {
        for (int n = 0; n < length; n++) {
            double angle = Math.PI * ((long) n * n % (2L * length)) / length; // reduced, to keep the digits
            chirpCos[n] = Math.cos(angle);
            chirpSin[n] = Math.sin(angle);
            int mirrored = (padded - n) % padded;
            kernelReal[n] = kernelReal[mirrored] = chirpCos[n];
            kernelImaginary[n] = kernelImaginary[mirrored] = chirpSin[n];
        }
        Fft.forward(kernelReal, kernelImaginary);
    }

    /** With nk = (n² + k² − (k − n)²) / 2 the transform is a convolution with a chirp, times a chirp of modulus 1. */
    private void convolveWithChirp(double[] signal, double[] real, double[] imaginary) {
        for (int n = 0; n < length; n++) {
            real[n] = signal[n] * chirpCos[n];
            imaginary[n] = -signal[n] * chirpSin[n];
        }
        Fft.forward(real, imaginary);
        for (int i = 0; i < real.length; i++) {
            double re = real[i] * kernelReal[i] - imaginary[i] * kernelImaginary[i];
            imaginary[i] = real[i] * kernelImaginary[i] + imaginary[i] * kernelReal[i];
            real[i] = re;
        }
        Fft.inverse(real, imaginary);
    }
}
