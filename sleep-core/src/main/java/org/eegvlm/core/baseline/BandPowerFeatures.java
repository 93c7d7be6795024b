package org.eegvlm.core.baseline;

import java.io.IOException;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.signal.Band;
import org.eegvlm.core.signal.BandPowers;
import org.eegvlm.core.signal.EpochSignals;

/** Ten numbers for each channel of an epoch: the logarithm of each band's power, and of its share. */
final class BandPowerFeatures {

    /** Far below any EEG; keeps the logarithm of a flat epoch finite. */
    private static final double FLOOR = 1e-6;

    private BandPowerFeatures() {}

    /** The features of all rendered channels, one channel after the other. */
    static double[] of(EpochRecord epoch, EpochSignals signals) throws IOException {
        var features = new double[2 * Band.values().length * epoch.channels().size()];
        int next = 0;
        for (var channel : epoch.channels()) {
            var window = signals.read(epoch, channel);
            var powers = BandPowers.of(window.microvolts(), window.rateHz());
            for (var band : Band.values()) {
                features[next++] = Math.log(powers.of(band) + FLOOR);
                features[next++] = Math.log(powers.share(band) + FLOOR);
            }
        }
        return features;
    }
}
