package org.eegvlm.vision;

import java.util.Arrays;

/**
 * The linear map from one network's features to another's of the same pictures, by ridge regression: with both centred,
 * {@code W = (XᵀX + λI)⁻¹ XᵀY}, λ a share of the mean diagonal of XᵀX. Rows are added one by one and not kept.
 */
final class AlignmentFit {

    /** What of XᵀX's mean diagonal λ is; see docs/decisions/0012-out-of-fold-features.md for why. */
    private static final double RIDGE = 0.01;

    private final int width;
    private final double[] sumFrom;
    private final double[] sumTo;
    /** Sums of products, [width, width] each: {@code x xᵀ} and {@code x yᵀ}. */
    private final double[][] gram;

    private final double[][] cross;
    private int rows;

    AlignmentFit(int width) {
        this.width = width;
        sumFrom = new double[width];
        sumTo = new double[width];
        gram = new double[width][width];
        cross = new double[width][width];
    }

    /** Both networks' features of one picture. */
    void add(float[] from, float[] to) {
        for (int i = 0; i < width; i++) {
            sumFrom[i] += from[i];
            sumTo[i] += to[i];
            addScaled(gram[i], from, from[i]);
            addScaled(cross[i], to, from[i]);
        }
        rows++;
    }

    /** @throws IllegalStateException if no row was added */
    Alignment solve() {
        if (rows == 0) {
            throw new IllegalStateException("no rows to align by");
        }
        double noise = rows * Math.ulp(1.0) * trace();
        centre(gram, sumFrom);
        centre(cross, sumTo);
        double ridge = RIDGE * trace() / width;
        // What is left of constant features is rounding, maybe negative: they tell nothing but the others' mean.
        if (ridge <= noise / width) {
            for (var row : cross) {
                Arrays.fill(row, 0);
            }
            return alignment();
        }
        for (int i = 0; i < width; i++) {
            gram[i][i] += ridge;
        }
        Cholesky.solve(gram, cross);
        return alignment();
    }

    private double trace() {
        double trace = 0;
        for (int i = 0; i < width; i++) {
            trace += gram[i][i];
        }
        return trace;
    }

    /** {@code Σ(x − x̄)(y − ȳ)ᵀ = Σxyᵀ − Σx Σyᵀ / n} */
    private void centre(double[][] products, double[] sums) {
        for (int i = 0; i < width; i++) {
            double mean = sumFrom[i] / rows;
            for (int j = 0; j < width; j++) {
                products[i][j] -= mean * sums[j];
            }
        }
    }

    /** From {@code cross}, which now is [from, to]. */
    private Alignment alignment() {
        var weight = new float[width * width];
        var bias = new float[width];
        for (int to = 0; to < width; to++) {
            double constant = sumTo[to] / rows;
            for (int from = 0; from < width; from++) {
                weight[to * width + from] = (float) cross[from][to];
                constant -= cross[from][to] * sumFrom[from] / rows;
            }
            bias[to] = (float) constant;
        }
        return new Alignment(weight, bias);
    }

    private static void addScaled(double[] sums, float[] values, double factor) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += factor * values[j];
        }
    }
}
