package org.eegvlm.core.signal;

/** The frequency bands of sleep EEG; together they cover 0.5 to 30 Hz without a gap. */
public enum Band {
    DELTA(0.5, 4),
    THETA(4, 8),
    ALPHA(8, 12),
    SIGMA(12, 16),
    BETA(16, 30);

    private final double lowHz;
    private final double highHz;

    Band(double lowHz, double highHz) {
        this.lowHz = lowHz;
        this.highHz = highHz;
    }

    /** The lowest frequency of the band, itself within. */
    public double lowHz() {
        return lowHz;
    }

    /** Where the next band starts. */
    public double highHz() {
        return highHz;
    }
}
