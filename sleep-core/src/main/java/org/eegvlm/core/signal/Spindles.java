package org.eegvlm.core.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds sleep spindles: bursts of 12 to 15 Hz that last 0.5 to 2 s.
 *
 * <p>A burst is a stretch in which the band's RMS over 0.3 s is at least 3 µV, stands 1.5 standard deviations above its
 * mean in the epoch, and holds at least 30 % of the power from 4 to 30 Hz. The last rule keeps alpha and muscle, whose
 * power spills into the band, from passing as spindles; slow waves, on which spindles ride, do not count against them.
 * The thresholds follow Lacourse et al. 2019 (doi:10.1016/j.jneumeth.2018.08.014) and YASA (doi:10.7554/eLife.70092) in
 * kind.
 */
public final class Spindles {

    private static final double LOW_HZ = 12;
    private static final double HIGH_HZ = 15;
    private static final double RMS_SECONDS = 0.3;
    private static final double LEAST_MICROVOLTS = 3;
    private static final double DEVIATIONS = 1.5;
    private static final double LEAST_SHARE = 0.3;
    private static final double LEAST_SECONDS = 0.5;
    private static final double MOST_SECONDS = 2;

    private Spindles() {}

    /** The spindles of one epoch, in order. */
    public static List<Spindle> in(float[] microvolts, double rateHz) {
        Samples.check(microvolts, rateHz);
        int width = (int) Math.round(RMS_SECONDS * rateHz);
        var sigma = meanSquares(BandPass.apply(microvolts, rateHz, LOW_HZ, HIGH_HZ, 1), width);
        var broad = meanSquares(BandPass.apply(microvolts, rateHz, 4, 30, 1), width);
        double threshold = Math.max(LEAST_MICROVOLTS, usualRms(sigma));
        var spindles = new ArrayList<Spindle>();
        int start = -1;
        for (int i = 0; i <= sigma.length; i++) {
            boolean within = i < sigma.length && Math.sqrt(sigma[i]) >= threshold && sigma[i] >= LEAST_SHARE * broad[i];
            if (within && start < 0) {
                start = i;
            } else if (!within && start >= 0) {
                double seconds = (i - start) / rateHz;
                if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) {
                    spindles.add(new Spindle(start / rateHz, seconds));
                }
                start = -1;
            }
        }
        return List.copyOf(spindles);
    }

    /** The mean of the squares in a centred window, which is cut off at the ends of the epoch. */
    private static double[] meanSquares(double[] values, int width) {
        var sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i] * values[i];
        }
        var means = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int from = Math.max(0, i - width / 2);
            int to = Math.min(values.length, i + width / 2 + 1);
            means[i] = (sums[to] - sums[from]) / (to - from);
        }
        return means;
    }

    private static double usualRms(double[] meanSquares) {
        double sum = 0;
        double squares = 0;
        for (double square : meanSquares) {
            sum += Math.sqrt(square);
            squares += square;
        }
        double mean = sum / meanSquares.length;
        return mean + DEVIATIONS * Math.sqrt(Math.max(0, squares / meanSquares.length - mean * mean));
    }
}
