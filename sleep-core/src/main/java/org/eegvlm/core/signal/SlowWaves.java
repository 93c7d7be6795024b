package org.eegvlm.core.signal;

/**
 * How much of an epoch slow waves fill, by the AASM scoring manual's rule for N3: waves of 0.5 to 2 Hz with more than
 * 75 µV from peak to peak.
 *
 * <p>A wave is what lies between one downward zero crossing and the next, after a band-pass filter; its frequency is one
 * over its duration.
 */
public final class SlowWaves {

    private static final double LOW_HZ = 0.5;
    private static final double HIGH_HZ = 2;
    private static final double PEAK_TO_PEAK_MICROVOLTS = 75;

    private SlowWaves() {}

    /** The part of the epoch's time that is within slow waves, 0 to 1. N3 begins at 0.2. */
    public static double share(float[] microvolts, double rateHz) {
        Samples.check(microvolts, rateHz);
        var slow = BandPass.apply(microvolts, rateHz, LOW_HZ, HIGH_HZ, LOW_HZ);
        int inWaves = 0;
        int start = -1;
        double low = 0;
        double high = 0;
        for (int i = 1; i < slow.length; i++) {
            if (slow[i - 1] >= 0 && slow[i] < 0) {
                inWaves += start >= 0 && isSlowWave((i - start) / rateHz, high - low) ? i - start : 0;
                start = i;
                low = 0;
                high = 0;
            }
            low = Math.min(low, slow[i]);
            high = Math.max(high, slow[i]);
        }
        return inWaves / (double) slow.length;
    }

    private static boolean isSlowWave(double seconds, double peakToPeak) {
        return seconds >= 1 / HIGH_HZ && seconds <= 1 / LOW_HZ && peakToPeak > PEAK_TO_PEAK_MICROVOLTS;
    }
}
