package org.eegvlm.core.sim;

import org.eegvlm.core.SleepStage;

/**
 * The ongoing EEG beneath all waves with a name: 1/f noise plus noise in five bands, each at its stage's level.
 *
 * <p>Levels are RMS in µV between Fpz and Cz, in the order of {@link Band}. They follow the spectra of the stages in
 * Aeschbach and Borbély 1993 and Armitage 1995 in kind: awake the fast bands, N1 and REM theta at low amplitude, slow
 * activity growing from N2 to N3 while beta fades.
 */
final class Background {

    /** Noise of unit RMS is drawn for each; PINK is 1/f over all frequencies. */
    enum Band {
        PINK(0, 0),
        DELTA(0.7, 4),
        THETA(4, 8),
        ALPHA(8, 12),
        SIGMA(12, 16),
        BETA(17, 30);

        private final double lowHz;
        private final double highHz;

        Band(double lowHz, double highHz) {
            this.lowHz = lowHz;
            this.highHz = highHz;
        }
    }

    static final int RATE_HZ = 100;

    private Background() {}

    static double[] levels(SleepStage stage) {
        return switch (stage) {
            case WAKE -> new double[] {5, 4.5, 4.5, 5, 3.4, 6};
            case N1 -> new double[] {5, 6, 7.5, 4.2, 2.8, 4};
            case N2 -> new double[] {6, 10, 7.5, 4, 3.4, 3};
            case N3 -> new double[] {7, 15, 8, 4, 3, 2.3};
            case REM -> new double[] {5, 6, 6.5, 4, 2.5, 3.6};
        };
    }

    /** Noise of one band with unit RMS. */
    static double[] noise(Band band, int samples, Chance chance) {
        var noise = new double[samples];
        for (int i = 0; i < samples; i++) {
            noise[i] = chance.uniform(-1, 1);
        }
        if (band == Band.PINK) {
            pink(noise);
        } else {
            bandPass(noise, band);
            bandPass(noise, band);
        }
        return toUnitRms(noise);
    }

    /** White to 1/f, by Paul Kellet's three first-order filters. */
    private static void pink(double[] noise) {
        double slow = 0;
        double middle = 0;
        double fast = 0;
        for (int i = 0; i < noise.length; i++) {
            double white = noise[i];
            slow = 0.99765 * slow + white * 0.0990460;
            middle = 0.96300 * middle + white * 0.2965164;
            fast = 0.57000 * fast + white * 1.0526913;
            noise[i] = slow + middle + fast + white * 0.1848;
        }
    }

    /** The constant-peak band-pass of Bristow-Johnson's Audio EQ Cookbook. */
    private static void bandPass(double[] noise, Band band) {
        double centreHz = StrictMath.sqrt(band.lowHz * band.highHz);
        double omega = 2 * StrictMath.PI * centreHz / RATE_HZ;
        double alpha = StrictMath.sin(omega) * (band.highHz - band.lowHz) / centreHz / 2;
        double b0 = alpha / (1 + alpha);
        double a1 = -2 * StrictMath.cos(omega) / (1 + alpha);
        double a2 = (1 - alpha) / (1 + alpha);
        double x1 = 0;
        double x2 = 0;
        double y1 = 0;
        double y2 = 0;
        for (int i = 0; i < noise.length; i++) {
            double x = noise[i];
            double y = b0 * (x - x2) - a1 * y1 - a2 * y2;
            x2 = x1;
            x1 = x;
            y2 = y1;
            y1 = y;
            noise[i] = y;
        }
    }

    private static double[] toUnitRms(double[] noise) {
        double squares = 0;
        for (double value : noise) {
            squares += value * value;
        }
        double rms = StrictMath.sqrt(squares / noise.length);
        for (int i = 0; i < noise.length; i++) {
            noise[i] /= rms;
        }
        return noise;
    }
}
