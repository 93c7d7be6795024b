package org.eegvlm.core.night;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.SleepStage;

/**
 * What a scorer said, as stretches of time, before it is cut into epochs.
 *
 * @param stretches in any order; they should not overlap
 * @param start when second 0 is, where the file tells
 * @param patient whose night it is, where the file tells: the code that EDF+ puts first
 * @param epochLength what the scorer scored by, where the file tells
 */
public record Scoring(
        List<Stretch> stretches,
        Optional<LocalDateTime> start,
        Optional<String> patient,
        Optional<Duration> epochLength) {

    /** One stretch, in seconds from {@link Scoring#start}. */
    public record Stretch(double start, double end, ScoredStage stage) {}

    public Scoring {
        stretches = List.copyOf(stretches);
    }

    /** Stretches of a file that tells nothing else. */
    Scoring(List<Stretch> stretches) {
        this(stretches, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** When the last stretch ends, scored or not; 0 where there is none. */
    public double until() {
        return stretches.stream().mapToDouble(Stretch::end).max().orElse(0);
    }

    /** When the first stretch with a stage starts and the last one ends; 0 to 0 where nothing is scored. */
    double[] scored() {
        double from = Double.MAX_VALUE;
        double until = 0;
        for (var stretch : stretches) {
            if (stretch.stage.stage().isPresent()) {
                from = Math.min(from, stretch.start);
                until = Math.max(until, stretch.end);
            }
        }
        return new double[] {Math.min(from, until), until};
    }

    /** The same, told from a start that is so many seconds earlier. */
    Scoring shifted(double seconds) {
        var moved = stretches.stream()
                .map(stretch -> new Stretch(stretch.start + seconds, stretch.end + seconds, stretch.stage))
                .toList();
        return seconds == 0 ? this : new Scoring(moved, start, patient, epochLength);
    }

    /**
     * Cuts into epochs: an epoch has the stage that covers more than half of it, else none. Stage 3 and stage 4 count
     * together, and the larger part of them decides which it is.
     */
    public Hypnogram epochs(int count, Duration epochLength) {
        double seconds = epochLength.toNanos() / 1e9;
        var covered = new double[count][ScoredStage.values().length];
        for (var stretch : stretches) {
            cover(covered, stretch, seconds);
        }
        var epochs = new ArrayList<ScoredStage>(count);
        for (var epoch : covered) {
            epochs.add(majority(epoch, seconds / 2));
        }
        return new Hypnogram(epochs, epochLength);
    }

    private static void cover(double[][] covered, Stretch stretch, double seconds) {
        int first = (int) Math.max(0, Math.floor(stretch.start / seconds));
        for (int epoch = first; epoch < covered.length && epoch * seconds < stretch.end; epoch++) {
            double from = Math.max(stretch.start, epoch * seconds);
            double to = Math.min(stretch.end, (epoch + 1) * seconds);
            covered[epoch][stretch.stage.ordinal()] += to - from;
        }
    }

    private static ScoredStage majority(double[] covered, double half) {
        double third = covered[ScoredStage.N3.ordinal()];
        double fourth = covered[ScoredStage.N4.ordinal()];
        if (third + fourth > half) {
            return fourth > third ? ScoredStage.N4 : ScoredStage.N3;
        }
        for (var stage : SleepStage.values()) {
            var scored = ScoredStage.of(stage);
            if (covered[scored.ordinal()] > half) {
                return scored;
            }
        }
        return covered[ScoredStage.MOVEMENT.ordinal()] > half ? ScoredStage.MOVEMENT : ScoredStage.UNSCORED;
    }
}
