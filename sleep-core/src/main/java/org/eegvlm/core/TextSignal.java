package org.eegvlm.core;

/**
 * What a recording in plain text does not say itself: the one signal it holds.
 *
 * @param rateHz samples per second
 * @param channel the label of its one channel
 * @param unit the unit of its numbers, such as {@code uV}
 */
public record TextSignal(double rateHz, String channel, String unit) {

    public TextSignal {
        if (!(rateHz > 0) || !Double.isFinite(rateHz)) {
            throw new IllegalArgumentException("rate_hz must be positive, was " + rateHz);
        }
        if (channel.isBlank() || unit.isBlank()) {
            throw new IllegalArgumentException("a text recording needs the label and the unit of its channel");
        }
    }
}
