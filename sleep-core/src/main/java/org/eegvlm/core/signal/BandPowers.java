package org.eegvlm.core.signal;

/**
 * The power of an epoch in each band, in µV².
 *
 * <p>Welch's method (Welch 1967): Hann windows of 4 s, half overlapping, each freed of its mean and padded with zeros to
 * a power of two; a band's power is the sum of the density's bins from its lowest frequency up to, not including, its
 * highest, times their width.
 */
public record BandPowers(double delta, double theta, double alpha, double sigma, double beta) {

    /**
     * @param microvolts at least 4 s of samples
     * @param rateHz at least 64 Hz, so that the beta band is below half of it
     */
    public static BandPowers of(float[] microvolts, double rateHz) {
        Samples.check(microvolts, rateHz);
        int window = (int) Math.round(4 * rateHz);
        var density = Welch.density(microvolts, rateHz, window);
        double binHz = rateHz / Fft.lengthFor(window);
        return new BandPowers(
                power(density, binHz, Band.DELTA),
                power(density, binHz, Band.THETA),
                power(density, binHz, Band.ALPHA),
                power(density, binHz, Band.SIGMA),
                power(density, binHz, Band.BETA));
    }

    public double of(Band band) {
        return switch (band) {
            case DELTA -> delta;
            case THETA -> theta;
            case ALPHA -> alpha;
            case SIGMA -> sigma;
            case BETA -> beta;
        };
    }

    /** From 0.5 to 30 Hz. */
    public double total() {
        return delta + theta + alpha + sigma + beta;
    }

    /** The band's part of the total, 0 to 1; 0 in a flat epoch. */
    public double share(Band band) {
        return total() == 0 ? 0 : of(band) / total();
    }

    private static double power(double[] density, double binHz, Band band) {
        double sum = 0;
        for (int bin = (int) Math.ceil(band.lowHz() / binHz); bin * binHz < band.highHz(); bin++) {
            sum += density[bin];
        }
        return sum * binHz;
    }
}
