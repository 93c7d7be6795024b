package org.eegvlm.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The scored stages of one night, one per epoch.
 *
 * <p>Epochs have equal length and follow each other without a gap. An epoch that nobody scored is an
 * empty {@code Optional}: it keeps its place, so that the index still tells the time.
 */
public record Hypnogram(List<Optional<SleepStage>> stages, Duration epochLength) {

    /** The epoch length of the AASM scoring manual. */
    public static final Duration AASM_EPOCH = Duration.ofSeconds(30);

    public Hypnogram {
        if (epochLength.isZero() || epochLength.isNegative()) {
            throw new IllegalArgumentException("epoch length must be positive, was " + epochLength);
        }
        stages = List.copyOf(stages);
    }

    /** The time from the start of the recording to the start of the given epoch. */
    public Duration onset(int epoch) {
        return epochLength.multipliedBy(epoch);
    }

    /** How many epochs somebody scored. */
    public long scored() {
        return stages.stream().filter(Optional::isPresent).count();
    }
}
