package org.eegvlm.core.baseline;

/** {@code (x − mean) / deviation} per feature; a feature that never varies becomes 0. */
record Standardization(double[] mean, double[] deviation) {

    /** @param rows at least one, all of one length */
    static Standardization of(double[][] rows) {
        int features = rows[0].length;
        var mean = new double[features];
        var deviation = new double[features];
        for (int f = 0; f < features; f++) {
            double squares = 0;
            for (var row : rows) {
                mean[f] += row[f] / rows.length;
            }
            for (var row : rows) {
                squares += (row[f] - mean[f]) * (row[f] - mean[f]);
            }
            deviation[f] = Math.sqrt(squares / rows.length);
        }
        return new Standardization(mean, deviation);
    }

    double[] apply(double[] row) {
        if (row.length != mean.length) {
            throw new IllegalArgumentException("fitted on %d features, given %d".formatted(mean.length, row.length));
        }
        var standardised = new double[row.length];
        for (int f = 0; f < row.length; f++) {
            standardised[f] = deviation[f] == 0 ? 0 : (row[f] - mean[f]) / deviation[f];
        }
        return standardised;
    }
}
