package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.Split;

/** One object of a list of nights, as {@link Nights#read} describes it. */
record NightEntry(
        Optional<String> subject,
        Optional<String> night,
        Optional<String> recording,
        Optional<String> hypnogram,
        Optional<Split> split,
        Optional<Double> epochSeconds,
        Optional<Double> rateHz,
        Optional<String> channel,
        Optional<String> unit,
        Optional<StageCodes> hypnogramCodes,
        Optional<Double> hypnogramStepSeconds) {

    static List<Night> readAll(Path file) throws IOException {
        var nights = new ArrayList<Night>();
        for (var entry : Json.read(file, NightEntry[].class)) {
            try {
                nights.add(entry.night(file.toAbsolutePath()));
            } catch (IllegalArgumentException e) {
                throw new MalformedDataException(file, "night " + (nights.size() + 1), String.valueOf(e.getMessage()));
            }
        }
        return List.copyOf(nights);
    }

    private Night night(Path list) {
        return new Night(
                needed(subject, "subject"),
                needed(night, "night"),
                list.resolveSibling(needed(recording, "recording")).normalize(),
                hypnogram.map(name -> list.resolveSibling(name).normalize()),
                text(),
                seconds(epochSeconds.orElse(30.0)),
                split);
    }

    /** EDF tells all this itself. The defaults of a recording in text are those of the DREAMS excerpts. */
    private Optional<TextFormat> text() {
        boolean textSignal = Stream.of(rateHz, channel, unit).anyMatch(Optional::isPresent);
        if (!textSignal && hypnogramCodes.isEmpty() && hypnogramStepSeconds.isEmpty()) {
            return Optional.empty();
        }
        var signal = textSignal
                ? Optional.of(new TextSignal(needed(rateHz, "rate_hz"), needed(channel, "channel"), unit.orElse("uV")))
                : Optional.<TextSignal>empty();
        return Optional.of(new TextFormat(
                signal,
                hypnogramCodes.or(() -> signal.map(any -> StageCodes.DREAMS)),
                hypnogramStepSeconds.or(() -> signal.map(any -> 5.0)).map(NightEntry::seconds)));
    }

    private static <T> T needed(Optional<T> value, String key) {
        return value.orElseThrow(() -> new IllegalArgumentException("'%s' is missing".formatted(key)));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
