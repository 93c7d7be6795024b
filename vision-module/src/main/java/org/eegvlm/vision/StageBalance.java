package org.eegvlm.vision;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.Balance;
import org.eegvlm.core.manifest.BalanceStrategy;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.StageCounts;
import org.eegvlm.core.manifest.WeightMethod;

/** What is done about rare stages; none of the ways changes how long a pass is. */
public enum StageBalance {
    /** Every epoch once a pass, and alike. */
    NONE,
    /** The loss of an epoch counts by its stage's rarity: 1 / share, brought to a mean of 1. */
    WEIGHTS,
    /** A pass draws each stage that occurs equally often: common ones are left out in turn, rare ones repeated. */
    SAMPLING;

    private static final Balance RARITY = new Balance(BalanceStrategy.BALANCED, 0, WeightMethod.INVERSE, 0);

    /** As in {@code --balance} and {@code config.json}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static StageBalance of(String label) {
        return Arrays.stream(values())
                .filter(balance -> balance.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown balance '%s'; known: none, weights, sampling".formatted(label)));
    }

    /** The epochs of one pass; those given, unless sampled. */
    List<EpochRecord> pass(List<EpochRecord> epochs, RandomGenerator random) {
        if (this != SAMPLING) {
            return epochs;
        }
        var stages = new ArrayList<>(byStage(epochs).values());
        var sampled = new ArrayList<EpochRecord>();
        for (int i = 0; sampled.size() < epochs.size(); i++) {
            var same = stages.get(i % stages.size());
            int dealt = i / stages.size() % same.size();
            // Shuffled anew each time all were dealt, so that what is left out changes.
            int other = dealt + random.nextInt(same.size() - dealt);
            var drawn = same.get(other);
            same.set(other, same.get(dealt));
            same.set(dealt, drawn);
            sampled.add(drawn);
        }
        return sampled;
    }

    /** By how much an epoch of each stage counts in the loss; the mean over the epochs is 1. */
    double[] weights(List<EpochRecord> epochs) {
        var balance = this == WEIGHTS ? RARITY : Balance.NONE;
        var weights = balance.weights(StageCounts.of(epochs));
        return Arrays.stream(SleepStage.values())
                .mapToDouble(stage -> weights.getOrDefault(stage, 1.0))
                .toArray();
    }

    private static Map<SleepStage, List<EpochRecord>> byStage(List<EpochRecord> epochs) {
        var byStage = new EnumMap<SleepStage, List<EpochRecord>>(SleepStage.class);
        for (var epoch : epochs) {
            byStage.computeIfAbsent(epoch.stage().orElseThrow(), stage -> new ArrayList<>())
                    .add(epoch);
        }
        return byStage;
    }
}
