package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Channel;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Recording;
import org.eegvlm.core.edf.EdfRecording;

/** Finds a night's scoring, wherever it is, and refuses one that cannot be of this night. */
final class HypnogramReader {

    private static final String SIGNAL = "Hypnogram";
    private static final double NANOS = 1e9;
    private static final double OVERLAP_TOLERANCE_SECONDS = 1;
    private static final long MOST_EPOCHS = 200_000; // two months; a header can claim centuries
    private static final int MOST_STRETCHES = 6_000_000; // two months, second by second
    private static final int MOST_SCORERS = 10; // of one file, who then agree

    private final Night night;
    private final Recording recording;
    private final Path source;

    HypnogramReader(Night night, Recording recording) {
        this.night = night;
        this.recording = recording;
        this.source = night.hypnogram().orElse(night.recording());
    }

    Hypnogram read() throws IOException {
        var scoring = scoring();
        double seconds = recording.announcedDuration().toNanos() / NANOS;
        double epoch = night.epochLength().toNanos() / NANOS;
        if (scoring.scoredUntil() >= seconds + epoch) { // the last epoch may be cut short by the recorder
            throw new MalformedDataException(
                    source,
                    "scores sleep until %.0f s, but %s ends at %.0f s; it must be of another recording"
                            .formatted(scoring.scoredUntil(), recording.name(), seconds));
        }
        long epochs = recording.duration().toNanos() / night.epochLength().toNanos();
        if (epochs > MOST_EPOCHS) {
            throw new MalformedDataException(
                    night.recording(), "claims %d epochs, more than %d".formatted(epochs, MOST_EPOCHS));
        }
        return scoring.epochs((int) epochs, night.epochLength());
    }

    private Scoring scoring() throws IOException {
        if (night.hypnogram().isEmpty()) {
            return own();
        }
        return night.text().isPresent() ? fromText(night.text().get()) : fromEdf();
    }

    private Scoring fromEdf() throws IOException {
        try (var hypnogram = EdfRecording.open(source)) {
            requireSameStart(hypnogram.start());
            var scoring = fromEdf(hypnogram);
            if (scoring.stretches().isEmpty()) {
                throw new MalformedDataException(
                        source,
                        "holds no sleep stage: no annotation '%s', no signal '%s'"
                                .formatted(StageLabels.KNOWN, SIGNAL));
            }
            return scoring;
        }
    }

    private void requireSameStart(Optional<LocalDateTime> start) throws MalformedDataException {
        var mine = recording.start().map(HypnogramReader::toTheSecond);
        var its = start.map(HypnogramReader::toTheSecond);
        if (mine.isPresent() && its.isPresent() && !mine.equals(its)) {
            throw new MalformedDataException(
                    source,
                    "starts %s, but %s starts %s; it is the hypnogram of another recording"
                            .formatted(its.get(), recording.name(), mine.get()));
        }
    }

    private Scoring own() throws IOException {
        return recording instanceof EdfRecording edf ? fromEdf(edf) : new Scoring(List.of());
    }

    /** Annotations come first; some files have the stages as a signal instead. */
    private Scoring fromEdf(EdfRecording file) throws IOException {
        var scoring = fromAnnotations(file.annotations());
        if (!scoring.stretches().isEmpty()) {
            return scoring;
        }
        var signal = file.channels().stream()
                .filter(channel -> channel.label().equalsIgnoreCase(SIGNAL))
                .findFirst();
        return signal.isPresent() ? fromSignal(file, signal.get()) : scoring;
    }

    /** A stage without a duration, or of none, lasts until the next; the last one for one epoch. */
    private Scoring fromAnnotations(List<Annotation> annotations) throws MalformedDataException {
        var stages = annotations.stream()
                .filter(annotation -> StageLabels.speaksOfStage(annotation.text()))
                .sorted(Comparator.comparingDouble(Annotation::onsetSeconds))
                .toList();
        var stretches = new ArrayList<Scoring.Stretch>();
        for (int i = 0; i < stages.size(); i++) {
            var annotation = stages.get(i);
            double start = annotation.onsetSeconds();
            double next = i + 1 < stages.size()
                    ? stages.get(i + 1).onsetSeconds()
                    : start + night.epochLength().toNanos() / NANOS;
            double end = annotation
                    .durationSeconds()
                    .filter(length -> length > 0)
                    .map(length -> start + length)
                    .orElse(next);
            try {
                stretches.add(new Scoring.Stretch(start, end, StageLabels.stage(annotation.text())));
            } catch (IllegalArgumentException e) {
                throw new MalformedDataException(
                        source, "annotation at %.3f s".formatted(start), String.valueOf(e.getMessage()));
            }
        }
        refuseContradiction(stretches);
        return new Scoring(stretches);
    }

    /** Two scorers in one file, say: taking either for the truth would be a guess. */
    private void refuseContradiction(List<Scoring.Stretch> stretches) throws MalformedDataException {
        var scored = stretches.stream()
                .filter(stretch -> stretch.stage().isPresent())
                .toList();
        refuseRepetition(scored);
        for (int i = 1; i < scored.size(); i++) {
            var before = scored.get(i - 1);
            var after = scored.get(i);
            if (after.start() < before.end() - OVERLAP_TOLERANCE_SECONDS
                    && !after.stage().equals(before.stage())) {
                throw new MalformedDataException(
                        source,
                        "annotation at %.3f s".formatted(after.start()),
                        "contradicts the stage scored from %.3f s to %.3f s; keep one scorer's"
                                .formatted(before.start(), before.end()));
            }
        }
    }

    /** A file that scores the same night a million times would keep us busy for a day. */
    private void refuseRepetition(List<Scoring.Stretch> scored) throws MalformedDataException {
        double sum = 0;
        double last = 0;
        for (var stretch : scored) {
            sum += Math.max(0, stretch.end() - Math.max(0, stretch.start()));
            last = Math.max(last, stretch.end());
        }
        if (sum > MOST_SCORERS * last) {
            throw new MalformedDataException(
                    source, "scores each moment more than %d times; keep one scorer's".formatted(MOST_SCORERS));
        }
    }

    /** One stretch for each run of a code. */
    private Scoring fromSignal(EdfRecording file, Channel signal) throws IOException {
        if (signal.samples() > MOST_STRETCHES) {
            throw new MalformedDataException(
                    source, "signal '%s'".formatted(SIGNAL), "has more samples than a scoring: " + signal.samples());
        }
        var codes = file.physical(signal, 0, (int) signal.samples());
        var stretches = new ArrayList<Scoring.Stretch>();
        int start = 0;
        for (int i = 1; i <= codes.length; i++) {
            if (i == codes.length || codes[i] != codes[start]) {
                double from = file.onset(start / signal.samplingRateHz());
                double to = file.onset((i - 1) / signal.samplingRateHz()) + 1 / signal.samplingRateHz();
                var place = "signal '%s' at %.0f s".formatted(SIGNAL, from);
                stretches.add(stretch(StageCodes.EDF, codes[start], from, to, place));
                start = i;
            }
        }
        return new Scoring(stretches);
    }

    private Scoring fromText(TextFormat format) throws IOException {
        double step = format.hypnogramStep().toNanos() / NANOS;
        var stretches = new ArrayList<Scoring.Stretch>();
        try (var lines = TextLines.open(source)) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                if (TextLines.isSample(line.get(), lines.number())) {
                    var place = "line " + lines.number();
                    if (stretches.size() == MOST_STRETCHES) {
                        throw new MalformedDataException(source, place, "more lines than a scoring has");
                    }
                    double code = TextLines.number(source, lines.number(), line.get());
                    double start = stretches.size() * step;
                    stretches.add(stretch(format.hypnogramCodes(), code, start, start + step, place));
                }
            }
        }
        return new Scoring(stretches);
    }

    private Scoring.Stretch stretch(StageCodes codes, double code, double start, double end, String place)
            throws MalformedDataException {
        try {
            return new Scoring.Stretch(start, end, codes.stage((int) Math.rint(code)));
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(source, place, String.valueOf(e.getMessage()));
        }
    }

    private static LocalDateTime toTheSecond(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
