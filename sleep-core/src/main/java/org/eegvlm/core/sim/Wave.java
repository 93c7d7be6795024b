package org.eegvlm.core.sim;

import static java.lang.StrictMath.PI;
import static java.lang.StrictMath.cos;
import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.sin;

import java.util.function.DoubleUnaryOperator;

/**
 * A wave with a name, as the AASM scoring manual describes it, and where on the head it is seen.
 *
 * @param samples at {@link Background#RATE_HZ}; positive is up
 * @param frontal how much of it reaches Fpz-Cz
 * @param occipital how much of it reaches Pz-Oz
 * @param ocular how much of it reaches the EOG
 */
record Wave(double[] samples, double frontal, double occipital, double ocular) {

    private static final int RATE_HZ = Background.RATE_HZ;

    double seconds() {
        return samples.length / (double) RATE_HZ;
    }

    /** The resting rhythm, waxing and waning; strongest at the back of the head. */
    static Wave alpha(double microvolts, double hz, double seconds, double phase) {
        return new Wave(
                drawn(seconds, t -> microvolts * hann(t, seconds) * sin(2 * PI * hz * t + phase)), 0.65, 1.3, 0.1);
    }

    /** A run of 4 to 7 Hz, at the onset of sleep. */
    static Wave theta(double microvolts, double hz, double seconds) {
        return new Wave(drawn(seconds, t -> microvolts * hann(t, seconds) * sin(2 * PI * hz * t)), 1, 0.7, 0.1);
    }

    /** N1: a sharp negative wave at the vertex, of less than half a second. */
    static Wave vertex(double microvolts) {
        return new Wave(
                drawn(0.5, t -> microvolts * (-bell(t, 0.16, 0.045) + 0.35 * bell(t, 0.32, 0.06))), 1, 0.3, 0.1);
    }

    /** N2: a burst of 12 to 15 Hz of half a second or more, spindle-shaped. */
    static Wave spindle(double microvolts, double hz, double seconds) {
        return new Wave(drawn(seconds, t -> microvolts * hann(t, seconds) * sin(2 * PI * hz * t)), 1, 0.6, 0.05);
    }

    /** N2: a well delineated negative wave followed at once by a positive one, of half a second or more. */
    static Wave kComplex(double microvolts) {
        return new Wave(drawn(1.6, t -> microvolts * (-bell(t, 0.35, 0.11) + 0.65 * bell(t, 0.8, 0.2))), 1, 0.4, 0.25);
    }

    /** N3: one wave of 0.5 to 2 Hz, trough and crest; the trough is the sharper. */
    static Wave slow(double peakToPeak, double seconds) {
        return new Wave(
                drawn(seconds, t -> {
                    double phase = t / seconds;
                    return phase < 0.45
                            ? -0.55 * peakToPeak * sin(PI * phase / 0.45)
                            : 0.45 * peakToPeak * sin(PI * (phase - 0.45) / 0.55);
                }),
                1,
                0.5,
                0.35);
    }

    /** REM: a train of 2 to 6 Hz triangles that rise slowly and fall sharply. */
    static Wave sawTooth(double microvolts, double hz, double seconds) {
        return new Wave(
                drawn(seconds, t -> {
                    double phase = t * hz - Math.floor(t * hz);
                    double tooth = phase < 0.7 ? phase / 0.7 : (1 - phase) / 0.3;
                    return microvolts * Math.min(1, 4 * hann(t, seconds)) * (2 * tooth - 1);
                }),
                1,
                0.3,
                0.15);
    }

    /** Awake: a blink turns the eyeball up, and the front of the head positive, for a third of a second. */
    static Wave blink(double microvolts) {
        return new Wave(drawn(0.7, t -> microvolts * (bell(t, 0.2, 0.06) + 0.5 * bell(t, 0.3, 0.08))), 1, 0.03, 0.4);
    }

    /** A quick conjugate eye movement: a step within 50 ms that the amplifier's high-pass filter lets decay. */
    static Wave saccade(double microvolts) {
        return new Wave(
                drawn(1.2, t -> microvolts * (1 - exp(-t / 0.03)) * exp(-t / 0.35) * (1 - t / 1.2)), 0.58, 0.05, 1);
    }

    /** Falling asleep: a slow sinusoidal eye movement, its first deflection longer than half a second. */
    static Wave rollingEyes(double microvolts, double seconds) {
        return new Wave(drawn(seconds, t -> microvolts * sin(2 * PI * t / seconds)), 0.25, 0.03, 1);
    }

    private static double[] drawn(double seconds, DoubleUnaryOperator shape) {
        var samples = new double[(int) StrictMath.round(seconds * RATE_HZ)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = shape.applyAsDouble(i / (double) RATE_HZ);
        }
        return samples;
    }

    private static double hann(double t, double seconds) {
        return 0.5 - 0.5 * cos(2 * PI * t / seconds);
    }

    private static double bell(double t, double centre, double width) {
        double x = (t - centre) / width;
        return exp(-x * x / 2);
    }
}
