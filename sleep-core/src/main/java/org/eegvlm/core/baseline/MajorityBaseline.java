package org.eegvlm.core.baseline;

import java.util.List;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.EpochRecord;

/** Says of every epoch the same: how often each stage is true in the train split. */
final class MajorityBaseline implements Baseline {

    private final double[] shares = new double[SleepStage.values().length];

    MajorityBaseline(List<EpochRecord> train) {
        for (var epoch : train) {
            shares[epoch.stage().orElseThrow().ordinal()] += 1.0 / train.size();
        }
    }

    @Override
    public double[] probabilities(EpochRecord epoch) {
        return shares.clone();
    }
}
