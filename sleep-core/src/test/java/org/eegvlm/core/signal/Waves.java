package org.eegvlm.core.signal;

import java.util.Random;

/** Synthetic EEG for these tests. */
final class Waves {

    private Waves() {}

    static float[] sine(double hz, double amplitude, double seconds, double rateHz) {
        var samples = new float[(int) Math.round(seconds * rateHz)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hz * i / rateHz));
        }
        return samples;
    }

    /** Noise whose spectrum falls off as EEG's does. */
    static float[] background(long seed, double rmsMicrovolts, double seconds, double rateHz) {
        var random = new Random(seed);
        var samples = new float[(int) Math.round(seconds * rateHz)];
        double memory = 0;
        double squares = 0;
        for (int i = 0; i < samples.length; i++) {
            memory = 0.93 * memory + random.nextGaussian();
            samples[i] = (float) memory;
            squares += memory * memory;
        }
        double scale = rmsMicrovolts / Math.sqrt(squares / samples.length);
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= (float) scale;
        }
        return samples;
    }

    /** Adds a burst that rises and falls. */
    static float[] withBurst(
            float[] samples, double hz, double amplitude, double onset, double seconds, double rateHz) {
        var sum = samples.clone();
        int length = (int) Math.round(seconds * rateHz);
        int start = (int) Math.round(onset * rateHz);
        for (int i = 0; i < length; i++) {
            double envelope = Math.sin(Math.PI * i / length);
            sum[start + i] += (float) (amplitude * envelope * Math.sin(2 * Math.PI * hz * i / rateHz));
        }
        return sum;
    }
}
