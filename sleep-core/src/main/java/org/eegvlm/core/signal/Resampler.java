package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

/**
 * Changes the sampling rate by a ratio of whole numbers, in polyphase form: SciPy's {@code resample_poly(x, up, down)}
 * with its default window. The low-pass filter is a windowed sinc, Kaiser's β 5, ten zero crossings to either side of
 * the lower of the two rates; before and after the signal there is zero. Output sample i is at input sample
 * i · down / up. For use by any number of threads.
 */
public final class Resampler {

    private static final int ZERO_CROSSINGS = 10;
    private static final double KAISER_BETA = 5;
    private static final int LARGEST_FACTOR = 10_000;
    private static final double RATIO_TOLERANCE = 1e-9;

    private final int up;
    private final int down;
    private final double[] filter;

    private Resampler(int up, int down) {
        this.up = up;
        this.down = down;
        this.filter = filter(up, down);
    }

    /** @throws IllegalArgumentException if the rates are in no ratio of whole numbers up to 10 000 */
    public static Resampler between(double fromHz, double toHz) {
        require(fromHz > 0 && toHz > 0, "sampling rates must be positive, were %s and %s Hz", fromHz, toHz);
        double ratio = toHz / fromHz;
        for (int down = 1; down <= LARGEST_FACTOR; down++) {
            double up = Math.rint(ratio * down);
            if (up > LARGEST_FACTOR) {
                break;
            }
            if (up > 0 && Math.abs(up / down - ratio) <= RATIO_TOLERANCE * ratio) {
                return new Resampler((int) up, down); // the first found has no common factor
            }
        }
        throw new IllegalArgumentException("%s and %s Hz are in no ratio of whole numbers up to %d; choose another rate"
                .formatted(fromHz, toHz, LARGEST_FACTOR));
    }

    /** Every so many input samples an output sample falls on an input sample. */
    int inputPeriod() {
        return down;
    }

    /** How many output samples there are in so many input samples. */
    int outputLength(int inputLength) {
        return Math.toIntExact(((long) inputLength * up + down - 1) / down);
    }

    public double[] apply(double[] samples) {
        if (up == down) {
            return samples.clone();
        }
        int half = filter.length / 2;
        var resampled = new double[outputLength(samples.length)];
        for (int i = 0; i < resampled.length; i++) {
            long centre = (long) i * down; // on the grid that both rates share
            int first = (int) Math.max(0, -Math.floorDiv(half - centre, up));
            int last = (int) Math.min(samples.length - 1, (centre + half) / up);
            double sum = 0;
            int tap = (int) (half + centre - (long) first * up);
            for (int n = first; n <= last; n++, tap -= up) {
                sum += filter[tap] * samples[n];
            }
            resampled[i] = sum;
        }
        return resampled;
    }

    private static double[] filter(int up, int down) {
        int widest = Math.max(up, down);
        int half = ZERO_CROSSINGS * widest;
        var taps = new double[2 * half + 1];
        double sum = 0;
        for (int i = 0; i < taps.length; i++) {
            double place = (i - half) / (double) half;
            taps[i] = sinc((i - half) / (double) widest) * bessel(KAISER_BETA * Math.sqrt(1 - place * place));
            sum += taps[i];
        }
        for (int i = 0; i < taps.length; i++) {
            taps[i] *= up / sum;
        }
        return taps;
    }

    static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** The modified Bessel function of the first kind and order 0, by its power series; Kaiser's window needs it. */
    private static double bessel(double x) {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }
}
