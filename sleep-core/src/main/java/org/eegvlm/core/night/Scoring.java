package org.eegvlm.core.night;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.SleepStage;

/**
 * What a scorer said, as stretches of time, before it is cut into epochs.
 *
 * @param stretches in any order; they should not overlap
 */
record Scoring(List<Stretch> stretches) {

    /** One stretch, in seconds from the recording's start; without a stage where the scorer gave none. */
    record Stretch(double start, double end, Optional<SleepStage> stage) {}

    Scoring {
        stretches = List.copyOf(stretches);
    }

    /** When the last scored stretch ends; 0 where nothing is scored. */
    double scoredUntil() {
        return stretches.stream()
                .filter(stretch -> stretch.stage.isPresent())
                .mapToDouble(Stretch::end)
                .max()
                .orElse(0);
    }

    /** Cuts into epochs: an epoch has the stage that covers more than half of it, else none. */
    Hypnogram epochs(int count, Duration epochLength) {
        double seconds = epochLength.toNanos() / 1e9;
        var covered = new double[count][SleepStage.values().length];
        for (var stretch : stretches) {
            stretch.stage.ifPresent(stage -> cover(covered, stretch, stage, seconds));
        }
        var stages = new ArrayList<Optional<SleepStage>>(count);
        for (var epoch : covered) {
            stages.add(majority(epoch, seconds));
        }
        return new Hypnogram(stages, epochLength);
    }

    private static void cover(double[][] covered, Stretch stretch, SleepStage stage, double seconds) {
        int first = (int) Math.max(0, Math.floor(stretch.start / seconds));
        for (int epoch = first; epoch < covered.length && epoch * seconds < stretch.end; epoch++) {
            double from = Math.max(stretch.start, epoch * seconds);
            double to = Math.min(stretch.end, (epoch + 1) * seconds);
            covered[epoch][stage.ordinal()] += to - from;
        }
    }

    private static Optional<SleepStage> majority(double[] secondsOfStage, double seconds) {
        for (var stage : SleepStage.values()) {
            if (secondsOfStage[stage.ordinal()] > seconds / 2) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
