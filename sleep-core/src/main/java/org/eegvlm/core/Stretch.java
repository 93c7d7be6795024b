package org.eegvlm.core;

import static org.eegvlm.core.Preconditions.require;

/**
 * A part of a recording without a gap; most recordings have one.
 *
 * @param onsetSeconds when it starts, from the recording's start
 * @param seconds how long it lasts
 * @param recordedBefore how many seconds were recorded before it, which is its onset less all gaps before it
 */
public record Stretch(double onsetSeconds, double seconds, double recordedBefore) {

    /** A clock that drifts by less is no gap. */
    public static final double TOLERANCE_SECONDS = 1e-3;

    public Stretch {
        require(seconds >= 0, "a stretch lasts 0 seconds or more, was %s", seconds);
    }

    public double endSeconds() {
        return onsetSeconds + seconds;
    }

    /** Whether all of a window is in it. */
    boolean covers(double onset, double windowSeconds) {
        return onset >= onsetSeconds - TOLERANCE_SECONDS && onset + windowSeconds <= endSeconds() + TOLERANCE_SECONDS;
    }
}
