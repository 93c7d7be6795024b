package org.eegvlm.vision.render;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eegvlm.core.EpochRange;
import org.eegvlm.core.Recording;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.signal.ConditionedSignals;

/**
 * Which epochs of a night are to be drawn. Made before the first picture, so that a mistake is told at once.
 *
 * @param unscored how many epochs have no stage, or a gap of the recording in them
 * @param warnings what is odd about the recording and its scoring
 */
record NightPlan(Night night, Split split, boolean simulated, List<Item> items, int unscored, List<String> warnings) {

    /** Ids name files: nothing else may be in them. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** One epoch to draw. */
    record Item(int epoch, Optional<SleepStage> stage) {}

    static NightPlan of(Night night, Split split, EpochRenderer renderer, Optional<Duration> wake) throws IOException {
        var spec = renderer.spec();
        if (!FILE_NAME.matcher(night.night()).matches()) {
            throw new IllegalArgumentException(
                    "night '%s' cannot name its pictures; use letters, digits, '.', '_' and '-'"
                            .formatted(night.night()));
        }
        if (!night.epochLength().equals(epochLength(spec))) {
            throw new IllegalArgumentException("night %s is scored in epochs of %s s, the render spec draws %s s"
                    .formatted(night.night(), night.epochLength().toMillis() / 1000.0, spec.epochSeconds()));
        }
        try (var recording = night.open()) {
            new ConditionedSignals(recording, spec.channels(), spec.signalConditioning()) // refuses what is not there
                    .ratesHz()
                    .forEach(renderer::requireFor);
            return of(night, split, spec, wake, recording);
        }
    }

    private static NightPlan of(Night night, Split split, RenderSpec spec, Optional<Duration> wake, Recording recording)
            throws IOException {
        var scoring = night.scored(recording);
        var hypnogram = scoring.hypnogram();
        boolean scored = hypnogram.scored() > 0;
        int most = wholeEpochs(recording, spec.epochSeconds());
        int epochs = scored ? Math.min(most, hypnogram.epochs().size()) : most;
        var kept = wake.filter(margin -> scored)
                .map(hypnogram::sleepWithin)
                .map(range -> new EpochRange(Math.min(range.first(), epochs), Math.min(range.end(), epochs)))
                .orElse(new EpochRange(0, epochs));
        var items = new ArrayList<Item>();
        for (int epoch = kept.first(); epoch < kept.end(); epoch++) {
            Optional<SleepStage> stage = scored ? hypnogram.epochs().get(epoch).stage() : Optional.empty();
            double onset = epoch * spec.epochSeconds();
            boolean whole = recording.recordedBefore(onset, spec.epochSeconds()).isPresent();
            if (whole && (stage.isPresent() || !scored)) {
                items.add(new Item(epoch, stage));
            }
        }
        var warnings = Stream.concat(recording.warnings().stream(), scoring.alignment().notes().stream())
                .map(warning -> recording.name() + ": " + warning)
                .toList();
        return new NightPlan(
                night, split, recording.simulated(), List.copyOf(items), kept.size() - items.size(), warnings);
    }

    /** How many epochs end before the recording does; those that a gap falls into are among them. */
    private static int wholeEpochs(Recording recording, double epochSeconds) {
        return Math.toIntExact((long) (recording.duration().toNanos() / 1e9 / epochSeconds + 1e-9));
    }

    private static Duration epochLength(RenderSpec spec) {
        return Duration.ofNanos(Math.round(spec.epochSeconds() * 1e9));
    }

    String id(Item item) {
        return String.format(Locale.ROOT, "%s-%04d", night.night(), item.epoch());
    }

    /** Changes when the night would be drawn differently. */
    String fingerprint() throws IOException {
        var recording = night.recording().toAbsolutePath().normalize();
        return List.of(night.subject(), night.night(), split, recording, night.text(), Files.size(recording), items)
                .toString();
    }
}
