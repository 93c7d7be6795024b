package org.eegvlm.core.manifest;

import static org.eegvlm.core.Preconditions.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eegvlm.core.SleepStage;

/**
 * Makes rare stages count more in training: by leaving out and repeating epochs of the train split ({@link #of}), or by
 * weights in a loss ({@link #weights}).
 *
 * <p>A stage with share p gets the share {@code α p + (1 − α) w p / Σ w p}, where w is the method's weight. With {@link
 * WeightMethod#INVERSE} this is EEG2LLM's {@code α · original + (1 − α) · uniform}, over the stages that occur; the other
 * methods end between original and uniform.
 *
 * @param alpha 0: the method's shares; 1: the original ones
 * @param seed decides which epochs are left out, and which are repeated once more than others
 */
public record Balance(BalanceStrategy strategy, double alpha, WeightMethod method, long seed) {

    /** Changes nothing. */
    public static final Balance NONE = new Balance(BalanceStrategy.ORIGINAL, 1, WeightMethod.INVERSE, 0);

    private static final double ROUNDING = 1e-9;

    public Balance {
        require(alpha >= 0 && alpha <= 1, "the balance's alpha must be in [0, 1], was %s", alpha);
    }

    /**
     * By how much each stage that occurs is to be multiplied in a loss; the mean over all epochs is 1.
     *
     * @param counts of the train split
     */
    public Map<SleepStage, Double> weights(StageCounts counts) {
        var weights = new EnumMap<SleepStage, Double>(SleepStage.class);
        shares(counts).forEach((stage, share) -> weights.put(stage, share / counts.share(stage)));
        return weights;
    }

    /** How many epochs of each stage there will be. */
    public StageCounts target(StageCounts counts) {
        var shares = shares(counts);
        int total = shares.isEmpty() ? 0 : strategy.total(counts, shares);
        var target = new EnumMap<SleepStage, Integer>(SleepStage.class);
        var remainders = new EnumMap<SleepStage, Double>(SleepStage.class);
        shares.forEach((stage, share) -> {
            double exact = share * total + ROUNDING;
            target.put(stage, (int) exact);
            remainders.put(stage, exact - (int) exact);
        });
        int missing = total - target.values().stream().mapToInt(count -> count).sum();
        remainders.entrySet().stream()
                .sorted(Map.Entry.<SleepStage, Double>comparingByValue().reversed())
                .limit(Math.max(0, missing))
                .forEach(largest -> target.merge(largest.getKey(), 1, Integer::sum));
        return new StageCounts(target);
    }

    /**
     * The balanced list, in the same order, repeated epochs one after the other. Epochs of other splits, and those that
     * nobody scored, stay as they are and decide nothing.
     */
    public List<EpochRecord> of(List<EpochRecord> epochs) {
        if (strategy == BalanceStrategy.ORIGINAL) {
            return List.copyOf(epochs);
        }
        var target = target(counted(epochs));
        var random = new Random(seed);
        var copies = new int[epochs.size()];
        Arrays.fill(copies, 1);
        for (var stage : SleepStage.values()) {
            deal(target.of(stage), places(epochs, stage), copies, random);
        }
        var balanced = new ArrayList<EpochRecord>();
        for (int i = 0; i < epochs.size(); i++) {
            balanced.addAll(Collections.nCopies(copies[i], epochs.get(i)));
        }
        return List.copyOf(balanced);
    }

    /** What a balance goes by: the scored epochs of the train split. */
    public static StageCounts counted(List<EpochRecord> epochs) {
        return StageCounts.of(
                epochs.stream().filter(epoch -> epoch.split() == Split.TRAIN).toList());
    }

    private Map<SleepStage, Double> shares(StageCounts counts) {
        var weighted = new EnumMap<SleepStage, Double>(SleepStage.class);
        counts.byStage()
                .forEach((stage, count) ->
                        weighted.put(stage, method.weight(counts.share(stage)) * counts.share(stage)));
        double sum = weighted.values().stream().mapToDouble(share -> share).sum();
        double kept = strategy == BalanceStrategy.ORIGINAL ? 1 : alpha;
        weighted.replaceAll((stage, share) -> kept * counts.share(stage) + (1 - kept) * share / sum);
        return weighted;
    }

    /** Every place gets as many copies as any other, or one more. */
    private static void deal(int wanted, List<Integer> places, int[] copies, Random random) {
        if (places.isEmpty()) {
            return;
        }
        Collections.shuffle(places, random);
        for (int i = 0; i < places.size(); i++) {
            copies[places.get(i)] = wanted / places.size() + (i < wanted % places.size() ? 1 : 0);
        }
    }

    private static List<Integer> places(List<EpochRecord> epochs, SleepStage stage) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < epochs.size(); i++) {
            var epoch = epochs.get(i);
            if (epoch.split() == Split.TRAIN
                    && epoch.stage().filter(stage::equals).isPresent()) {
                places.add(i);
            }
        }
        return places;
    }
}
