package org.eegvlm.core.signal;

/** What every measure here needs of an epoch. */
final class Samples {

    static final double LEAST_RATE_HZ = 64;
    static final double LEAST_SECONDS = 4;

    private Samples() {}

    static void check(float[] microvolts, double rateHz) {
        if (!(rateHz >= LEAST_RATE_HZ)) {
            throw new IllegalArgumentException("sampling rate must be at least 64 Hz, was " + rateHz);
        }
        if (microvolts.length < LEAST_SECONDS * rateHz) {
            throw new IllegalArgumentException(
                    "an epoch needs at least 4 s of samples, had %d at %s Hz".formatted(microvolts.length, rateHz));
        }
        for (int i = 0; i < microvolts.length; i++) {
            if (!Float.isFinite(microvolts[i])) {
                throw new IllegalArgumentException("sample %d is %s".formatted(i, microvolts[i]));
            }
        }
    }
}
