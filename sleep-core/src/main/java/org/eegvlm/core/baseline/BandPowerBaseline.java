package org.eegvlm.core.baseline;

import java.io.IOException;
import java.util.List;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.signal.EpochSignals;

/**
 * Logistic regression on the logarithms of the band powers of every rendered channel, absolute and as shares,
 * standardised on the train split.
 */
final class BandPowerBaseline implements Baseline {

    /** Light: thousands of epochs, tens of features. */
    static final double L2 = 1e-3;

    private final EpochSignals signals;
    private final Standardization standardization;
    private final LogisticRegression regression;

    private BandPowerBaseline(EpochSignals signals, Standardization standardization, LogisticRegression regression) {
        this.signals = signals;
        this.standardization = standardization;
        this.regression = regression;
    }

    /**
     * @param train epochs with a stage, all with the same number of channels
     * @param signals stays the caller's, and must outlive the baseline
     */
    static BandPowerBaseline train(List<EpochRecord> train, EpochSignals signals, Progress progress)
            throws IOException {
        var rows = new double[train.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = BandPowerFeatures.of(train.get(i), signals);
            progress.at("band powers", i + 1, rows.length, "");
        }
        var standardization = Standardization.of(rows);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = standardization.apply(rows[i]);
        }
        var truth = train.stream()
                .mapToInt(epoch -> epoch.stage().orElseThrow().ordinal())
                .toArray();
        var regression = LogisticRegression.fit(rows, truth, SleepStage.values().length, L2);
        return new BandPowerBaseline(signals, standardization, regression);
    }

    @Override
    public double[] probabilities(EpochRecord epoch) throws IOException {
        return regression.probabilities(standardization.apply(BandPowerFeatures.of(epoch, signals)));
    }
}
