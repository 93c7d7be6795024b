package org.eegvlm.core.night;

import java.time.Duration;

/**
 * What a recording in plain text does not say itself.
 *
 * @param rateHz samples per second
 * @param channel the label of its one channel
 * @param unit the unit of its numbers, such as {@code uV}
 * @param hypnogramCodes how its hypnogram writes stages
 * @param hypnogramStep how long each line of its hypnogram stands for
 */
public record TextFormat(
        double rateHz, String channel, String unit, StageCodes hypnogramCodes, Duration hypnogramStep) {

    public TextFormat {
        if (!(rateHz > 0) || !Double.isFinite(rateHz)) {
            throw new IllegalArgumentException("rate_hz must be positive, was " + rateHz);
        }
        if (hypnogramStep.isZero() || hypnogramStep.isNegative()) {
            throw new IllegalArgumentException("hypnogram_step_seconds must be positive, was " + hypnogramStep);
        }
    }
}
