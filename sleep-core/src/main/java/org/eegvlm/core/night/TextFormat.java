package org.eegvlm.core.night;

import java.time.Duration;
import org.eegvlm.core.TextSignal;

/**
 * What a night in plain text does not say itself.
 *
 * @param signal what the numbers of the recording are
 * @param hypnogramCodes how its hypnogram writes stages
 * @param hypnogramStep how long each line of its hypnogram stands for
 */
public record TextFormat(TextSignal signal, StageCodes hypnogramCodes, Duration hypnogramStep) {

    public TextFormat {
        if (hypnogramStep.isZero() || hypnogramStep.isNegative()) {
            throw new IllegalArgumentException("hypnogram_step_seconds must be positive, was " + hypnogramStep);
        }
    }

    public TextFormat(double rateHz, String channel, String unit, StageCodes hypnogramCodes, Duration hypnogramStep) {
        this(new TextSignal(rateHz, channel, unit), hypnogramCodes, hypnogramStep);
    }
}
