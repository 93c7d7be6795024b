package org.eegvlm.core.night;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Channel;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.edf.EdfRecording;

/** The scoring that an EDF file holds: as annotations, else as a signal. */
final class EdfScoring {

    static final String SIGNAL = "Hypnogram";

    private static final double OVERLAP_TOLERANCE_SECONDS = 1;
    private static final double CODE_TOLERANCE = 1e-3;
    private static final int MOST_SCORERS = 10; // of one file, who then agree

    private final Path source;
    private final EdfRecording file;
    private final double lastSeconds;

    /** @param epochLength how long the last stage lasts where nobody tells */
    EdfScoring(Path source, EdfRecording file, Duration epochLength) {
        this.source = source;
        this.file = file;
        this.lastSeconds = epochLength.toNanos() / 1e9;
    }

    /** Without stretches where the file holds no stage. */
    Scoring read() throws IOException {
        var stretches = fromAnnotations(file.annotations());
        if (stretches.isEmpty()) {
            var signal = file.channels().stream()
                    .filter(channel -> channel.label().equalsIgnoreCase(SIGNAL))
                    .findFirst();
            if (signal.isPresent()) {
                stretches = fromSignal(signal.get());
            }
        }
        return new Scoring(stretches, file.start(), patient(file), Optional.empty());
    }

    /** The code by which the hospital knows the patient: what EDF+ puts first; X stands for unknown. */
    static Optional<String> patient(EdfRecording file) {
        var fields = file.header().patient().strip().split(" ");
        boolean known = fields.length >= 4 && fields[1].matches("[FMX]") && !fields[0].equals("X");
        return known ? Optional.of(fields[0]) : Optional.empty();
    }

    /** A stage without a duration, or of none, lasts until the next; the last one for one epoch. */
    private List<Scoring.Stretch> fromAnnotations(List<Annotation> annotations) throws MalformedDataException {
        var stages = annotations.stream()
                .filter(annotation -> StageLabels.speaksOfStage(annotation.text()))
                .sorted(Comparator.comparingDouble(Annotation::onsetSeconds))
                .toList();
        var stretches = new ArrayList<Scoring.Stretch>();
        for (int i = 0; i < stages.size(); i++) {
            var annotation = stages.get(i);
            double start = annotation.onsetSeconds();
            double next = i + 1 < stages.size() ? stages.get(i + 1).onsetSeconds() : start + lastSeconds;
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
        return stretches;
    }

    /** Two scorers in one file, say: taking either for the truth would be a guess. */
    private void refuseContradiction(List<Scoring.Stretch> stretches) throws MalformedDataException {
        var scored = stretches.stream()
                .filter(stretch -> stretch.stage().stage().isPresent())
                .toList();
        refuseRepetition(scored);
        if (scored.isEmpty()) {
            return;
        }
        var before = scored.get(0); // of the earlier ones, which ends last
        for (var after : scored) {
            if (after.start() < before.end() - OVERLAP_TOLERANCE_SECONDS
                    && after.stage().aasm() != before.stage().aasm()) {
                throw new MalformedDataException(
                        source,
                        "annotation at %.3f s".formatted(after.start()),
                        "contradicts the stage scored from %.3f s to %.3f s; keep one scorer's"
                                .formatted(before.start(), before.end()));
            }
            before = after.end() > before.end() ? after : before;
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
    private List<Scoring.Stretch> fromSignal(Channel signal) throws IOException {
        if (signal.samples() > Scorings.MOST_STRETCHES) {
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
                try {
                    stretches.add(new Scoring.Stretch(from, to, stage(codes[start])));
                } catch (IllegalArgumentException e) {
                    throw new MalformedDataException(
                            source, "signal '%s' at %.0f s".formatted(SIGNAL, from), String.valueOf(e.getMessage()));
                }
                start = i;
            }
        }
        return stretches;
    }

    /** Digital values that were scaled and back are whole but for rounding. */
    private static ScoredStage stage(double code) {
        require(Math.abs(code - Math.rint(code)) <= CODE_TOLERANCE, "%s is no stage code", code);
        return StageCodes.EDF.stage((int) Math.rint(code));
    }
}
