package org.eegvlm.core.manifest;

import java.util.Map;
import org.eegvlm.core.SleepStage;

/** How many epochs are left when the stages' shares are changed. */
public enum BalanceStrategy {
    /** All epochs, once each. */
    ORIGINAL,
    /** As many as there were: epochs of common stages are left out, those of rare ones come repeatedly. */
    BALANCED,
    /** None is left out: those of rare stages come repeatedly. */
    OVERSAMPLE,
    /** None comes twice: those of common stages are left out. */
    UNDERSAMPLE;

    private static final double ROUNDING = 1e-9;

    /** @param shares wanted of each stage that occurs, together 1 */
    int total(StageCounts counts, Map<SleepStage, Double> shares) {
        var needed = shares.entrySet().stream()
                .mapToDouble(share -> counts.of(share.getKey()) / share.getValue())
                .summaryStatistics();
        return switch (this) {
            case ORIGINAL, BALANCED -> counts.total();
            case OVERSAMPLE -> Math.toIntExact((long) Math.ceil(needed.getMax() - ROUNDING));
            case UNDERSAMPLE -> Math.toIntExact((long) Math.floor(needed.getMin() + ROUNDING));
        };
    }
}
