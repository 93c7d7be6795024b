package org.eegvlm.core;

/**
 * One signal of a recording, as its header describes it.
 *
 * @param index where the signal stands in the recording, from 0
 * @param unit the physical unit as written in the file, {@code uV} for most EEG
 * @param samplingRateHz samples per second; may be a fraction
 * @param samples how many samples the recording holds
 */
public record Channel(int index, String label, String unit, double samplingRateHz, long samples) {

    public Channel {
        if (!(samplingRateHz > 0)) {
            throw new IllegalArgumentException(
                    "sampling rate of '%s' must be positive, was %s".formatted(label, samplingRateHz));
        }
    }
}
