package org.eegvlm.core.manifest;

import static org.eegvlm.core.Preconditions.require;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.eegvlm.core.SleepStage;

/**
 * How many epochs each stage has: a histogram.
 *
 * @param byStage the stages that occur, each with a positive number
 */
public record StageCounts(Map<SleepStage, Integer> byStage) {

    public StageCounts {
        var kept = new EnumMap<SleepStage, Integer>(SleepStage.class);
        byStage.forEach((stage, count) -> {
            require(count >= 0, "stage %s cannot have %d epochs", stage, count);
            if (count > 0) {
                kept.put(stage, count);
            }
        });
        byStage = Collections.unmodifiableMap(kept);
    }

    /** Counts the scored ones. */
    public static StageCounts of(Collection<EpochRecord> epochs) {
        var counts = new EnumMap<SleepStage, Integer>(SleepStage.class);
        epochs.forEach(epoch -> epoch.stage().ifPresent(stage -> counts.merge(stage, 1, Integer::sum)));
        return new StageCounts(counts);
    }

    public int of(SleepStage stage) {
        return byStage.getOrDefault(stage, 0);
    }

    public int total() {
        return byStage.values().stream().mapToInt(count -> count).sum();
    }

    /** The stage's part of all epochs, 0 to 1. */
    public double share(SleepStage stage) {
        return of(stage) / (double) Math.max(1, total());
    }
}
