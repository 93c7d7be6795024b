package org.eegvlm.core.night;

import static org.eegvlm.core.Preconditions.require;

import java.time.Duration;
import java.util.Optional;
import org.eegvlm.core.TextSignal;

/**
 * What a night's text files do not say themselves.
 *
 * @param signal what the numbers of a recording in text are; empty for EDF
 * @param hypnogramCodes how its hypnogram writes stages as numbers
 * @param hypnogramStep how long each line of its hypnogram stands for; an epoch where it is not given
 */
public record TextFormat(
        Optional<TextSignal> signal, Optional<StageCodes> hypnogramCodes, Optional<Duration> hypnogramStep) {

    public TextFormat {
        require(
                hypnogramStep.filter(step -> step.isZero() || step.isNegative()).isEmpty(),
                "hypnogram_step_seconds must be positive, was " + hypnogramStep);
    }

    /** A recording and a hypnogram, both in text. */
    public TextFormat(double rateHz, String channel, String unit, StageCodes hypnogramCodes, Duration hypnogramStep) {
        this(
                Optional.of(new TextSignal(rateHz, channel, unit)),
                Optional.of(hypnogramCodes),
                Optional.of(hypnogramStep));
    }
}
