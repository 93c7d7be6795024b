package org.eegvlm.core;

import static org.eegvlm.core.Preconditions.require;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The scored stages of one night, one per epoch.
 *
 * <p>Epochs have equal length and follow each other without a gap. An epoch that nobody scored, or in which the sleeper
 * moved, keeps its place, so that the index still tells the time.
 */
public record Hypnogram(List<ScoredStage> epochs, Duration epochLength) {

    /** The epoch length of the AASM scoring manual. */
    public static final Duration AASM_EPOCH = Duration.ofSeconds(30);

    public Hypnogram {
        require(
                !epochLength.isZero() && !epochLength.isNegative(),
                "epoch length must be positive, was " + epochLength);
        epochs = List.copyOf(epochs);
    }

    /** The stages by the AASM's manual, one an epoch; empty where there is none. */
    public List<Optional<SleepStage>> stages() {
        return epochs.stream().map(ScoredStage::stage).toList();
    }

    /** The time from the start of the recording to the start of the given epoch. */
    public Duration onset(int epoch) {
        return epochLength.multipliedBy(epoch);
    }

    /** How many epochs have a stage. */
    public long scored() {
        return epochs.stream().filter(epoch -> epoch.stage().isPresent()).count();
    }

    public long count(ScoredStage stage) {
        return epochs.stream().filter(epoch -> epoch == stage).count();
    }

    /** By the AASM's five stages: Rechtschaffen and Kales' stage 4 is N3. */
    public Hypnogram aasm() {
        return new Hypnogram(epochs.stream().map(ScoredStage::aasm).toList(), epochLength);
    }

    /** From the first epoch of sleep to the last; empty where nobody slept. */
    public Optional<EpochRange> sleep() {
        int first = 0;
        while (first < epochs.size() && !epochs.get(first).isSleep()) {
            first++;
        }
        int last = epochs.size() - 1;
        while (last >= first && !epochs.get(last).isSleep()) {
            last--;
        }
        return first > last ? Optional.empty() : Optional.of(new EpochRange(first, last + 1));
    }

    /**
     * From so long before the first epoch of sleep to so long after the last, as far as there are epochs; all where
     * nobody slept. Sleep-EDF's cassettes ran for a day: its users keep half an hour of wake to either side.
     */
    public EpochRange sleepWithin(Duration wake) {
        int margin = (int) Math.min(epochs.size(), wake.dividedBy(epochLength));
        return sleep().map(sleep -> new EpochRange(
                        Math.max(0, sleep.first() - margin), Math.min(epochs.size(), sleep.end() + margin)))
                .orElse(new EpochRange(0, epochs.size()));
    }

    /** Some of the epochs, as a hypnogram of their own. */
    public Hypnogram part(EpochRange range) {
        return new Hypnogram(epochs.subList(range.first(), range.end()), epochLength);
    }
}
