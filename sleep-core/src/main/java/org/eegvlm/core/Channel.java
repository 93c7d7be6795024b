package org.eegvlm.core;

import java.util.Locale;
import java.util.OptionalDouble;

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

    /** How many microvolts one of its unit is; empty where the unit is no voltage. */
    public OptionalDouble microvoltsPerUnit() {
        return microvoltsPer(unit);
    }

    /** How many microvolts a unit is; empty where it is no voltage. The one door for units. */
    public static OptionalDouble microvoltsPer(String unit) {
        return switch (unit.strip().toLowerCase(Locale.ROOT)) {
            case "uv", "\u00b5v", "\u03bcv" -> OptionalDouble.of(1); // micro sign and Greek mu
            case "nv" -> OptionalDouble.of(1e-3);
            case "mv" -> OptionalDouble.of(1e3);
            case "v" -> OptionalDouble.of(1e6);
            default -> OptionalDouble.empty();
        };
    }
}
