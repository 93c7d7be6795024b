package org.eegvlm.features;

import java.io.IOException;
import java.util.BitSet;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.tensor.NpyFile;

/** Mean and standard deviation of each feature, in two passes over the file. */
final class StandardizationFit {

    /** A spread this small, against the mean, is float32's rounding of a constant. */
    private static final double ROUNDING = 1e-6;

    private static final double SMALLEST_SCALE = 1e-12;

    private StandardizationFit() {}

    /** A feature that never changes gets scale 1: it becomes 0 instead of noise blown up. */
    static Standardization fit(NpyFile features, BitSet rows) throws IOException {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no row to fit a standardisation on");
        }
        int count = rows.cardinality();
        int width = (int) features.rowLength();
        var mean = new double[width];
        for (int n = rows.nextSetBit(0); n >= 0; n = rows.nextSetBit(n + 1)) {
            var row = features.row(n);
            for (int i = 0; i < width; i++) {
                mean[i] += row[i] / (double) count;
            }
        }
        var variance = new double[width];
        for (int n = rows.nextSetBit(0); n >= 0; n = rows.nextSetBit(n + 1)) {
            var row = features.row(n);
            for (int i = 0; i < width; i++) {
                double deviation = row[i] - mean[i];
                variance[i] += deviation * deviation / count;
            }
        }
        return rounded(mean, variance);
    }

    private static Standardization rounded(double[] mean, double[] variance) {
        var means = new float[mean.length];
        var scales = new float[mean.length];
        for (int i = 0; i < mean.length; i++) {
            double scale = Math.sqrt(variance[i]);
            boolean constant = scale <= Math.max(SMALLEST_SCALE, ROUNDING * Math.abs(mean[i]));
            means[i] = (float) mean[i];
            scales[i] = constant ? 1 : (float) scale;
        }
        return new Standardization(means, scales);
    }
}
