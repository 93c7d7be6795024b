package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.edf.EdfRecording;

/** Finds a night's scoring, wherever it is, lays it on the recording, and refuses one that cannot be of this night. */
final class HypnogramReader {

    private static final double NANOS = 1e9;

    private final Night night;
    private final Recording recording;
    private final Path source;
    private final double recordedSeconds;
    private final double announcedSeconds;
    private final double epochSeconds;

    HypnogramReader(Night night, Recording recording) {
        this.night = night;
        this.recording = recording;
        this.source = night.hypnogram().orElse(night.recording());
        this.recordedSeconds = recording.duration().toNanos() / NANOS;
        this.announcedSeconds = recording.announcedDuration().toNanos() / NANOS;
        this.epochSeconds = night.epochLength().toNanos() / NANOS;
    }

    ScoredNight read() throws IOException {
        return lay(scoring());
    }

    ScoredNight lay(Scoring scoring) throws IOException {
        Scorings.requireFewEpochs(night.recording(), Math.floor(recordedSeconds / epochSeconds));
        int epochs = (int) (recording.duration().toNanos() / night.epochLength().toNanos());
        refuseAnotherPatients(scoring);
        var offset = offset(scoring);
        var laid = scoring.shifted(Alignment.seconds(offset));
        var alignment = new Alignment(offset, lost(laid, Double.NEGATIVE_INFINITY, 0), beyond(laid));
        refuseAnotherRecordings(laid, alignment, scoring.start().isPresent());
        return new ScoredNight(laid.epochs(epochs, night.epochLength()), alignment);
    }

    private Scoring scoring() throws IOException {
        if (night.hypnogram().isPresent()) {
            return Scorings.read(
                    source,
                    night.text().flatMap(TextFormat::hypnogramCodes),
                    night.text().flatMap(TextFormat::hypnogramStep).orElse(night.epochLength()));
        }
        return recording instanceof EdfRecording edf
                ? new EdfScoring(source, edf, night.epochLength()).read()
                : new Scoring(List.of());
    }

    private void refuseAnotherPatients(Scoring scoring) throws MalformedDataException {
        var its = scoring.patient();
        var mine = recording instanceof EdfRecording edf ? EdfScoring.patient(edf) : Optional.<String>empty();
        if (mine.isPresent() && its.isPresent() && !mine.equals(its)) {
            throw new MalformedDataException(
                    source,
                    "is of patient %s, but %s is of %s; it is the hypnogram of another recording"
                            .formatted(its.get(), recording.name(), mine.get()));
        }
    }

    /** Scorers may start a file of their own at lights off; to the nanosecond, since some recorders start between seconds. */
    private Duration offset(Scoring scoring) {
        return recording
                .start()
                .flatMap(mine -> scoring.start().map(its -> Duration.between(mine, its)))
                .orElse(Duration.ZERO);
    }

    /** The last epoch may be cut short by the recorder: what is less than an epoch beyond is not counted. */
    private double beyond(Scoring laid) {
        return laid.scored()[1] < recordedSeconds + epochSeconds
                ? 0
                : lost(laid, recordedSeconds, Double.POSITIVE_INFINITY);
    }

    /** How many epochs' worth of stages lie between two times. */
    private double lost(Scoring laid, double from, double until) {
        double seconds = 0;
        for (var stretch : laid.stretches()) {
            if (stretch.stage().stage().isPresent()) {
                seconds += Math.max(0, Math.min(until, stretch.end()) - Math.max(from, stretch.start()));
            }
        }
        return seconds / epochSeconds;
    }

    /** Where both files tell when they started, one that goes on longer was cut; else it may be of any night. */
    private void refuseAnotherRecordings(Scoring laid, Alignment alignment, boolean tellsStart)
            throws MalformedDataException {
        var scored = laid.scored();
        boolean apart = scored[1] > scored[0] && (scored[1] <= 0 || scored[0] >= recordedSeconds);
        if (apart && !alignment.offset().isZero()) {
            throw new MalformedDataException(
                    source,
                    "scores %.0f s to %.0f s after the start of %s, which lasts %.0f s; it is the hypnogram of another recording"
                            .formatted(scored[0], scored[1], recording.name(), recordedSeconds));
        }
        boolean sure = tellsStart && recording.start().isPresent();
        if (!sure && scored[1] >= announcedSeconds + epochSeconds) {
            throw new MalformedDataException(
                    source,
                    "scores sleep until %.0f s, but %s ends at %.0f s; it must be of another recording"
                            .formatted(scored[1], recording.name(), announcedSeconds));
        }
    }
}
