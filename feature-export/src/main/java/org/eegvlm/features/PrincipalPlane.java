package org.eegvlm.features;

import java.util.SplittableRandom;

/**
 * The two directions in which rows differ most (principal components), found by orthogonal iteration on the rows
 * themselves: no matrix of columns by columns is made.
 */
final class PrincipalPlane {

    private static final int ITERATIONS = 60;

    private final double[] mean;
    private final double[][] directions;
    private final double[] shares;

    private PrincipalPlane(double[] mean, double[][] directions, double[] shares) {
        this.mean = mean;
        this.directions = directions;
        this.shares = shares;
    }

    /** @param rows at least two, of equal length */
    static PrincipalPlane of(float[][] rows) {
        var mean = mean(rows);
        var random = new SplittableRandom(0);
        var directions = new double[2][mean.length];
        for (var direction : directions) {
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextDouble() - 0.5;
            }
        }
        var variances = new double[2];
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            variances = step(rows, mean, directions);
        }
        double total = total(rows, mean);
        turn(directions);
        return new PrincipalPlane(mean, directions, new double[] {variances[0] / total, variances[1] / total});
    }

    /** Where a row lies along the first and the second direction. */
    double[] project(float[] row) {
        return new double[] {along(row, mean, directions[0]), along(row, mean, directions[1])};
    }

    /** Which part of all variance lies along each direction. */
    double[] shares() {
        return shares.clone();
    }

    /** Replaces each direction by the covariance times it, made orthogonal to the ones before. */
    private static double[] step(float[][] rows, double[] mean, double[][] directions) {
        var next = new double[directions.length][mean.length];
        for (var row : rows) {
            for (int d = 0; d < directions.length; d++) {
                double amount = along(row, mean, directions[d]);
                for (int i = 0; i < mean.length; i++) {
                    next[d][i] += amount * (row[i] - mean[i]);
                }
            }
        }
        var variances = new double[directions.length];
        for (int d = 0; d < directions.length; d++) {
            for (int before = 0; before < d; before++) {
                double overlap = dot(next[d], directions[before]);
                for (int i = 0; i < mean.length; i++) {
                    next[d][i] -= overlap * directions[before][i];
                }
            }
            double length = Math.max(Math.sqrt(dot(next[d], next[d])), Double.MIN_NORMAL);
            for (int i = 0; i < mean.length; i++) {
                directions[d][i] = next[d][i] / length;
            }
            variances[d] = length;
        }
        return variances;
    }

    /** A direction's sign means nothing; its largest number is made positive, so that equal rows give equal maps. */
    private static void turn(double[][] directions) {
        for (var direction : directions) {
            double largest = 0;
            for (double value : direction) {
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            for (int i = 0; largest < 0 && i < direction.length; i++) {
                direction[i] = -direction[i];
            }
        }
    }

    private static double[] mean(float[][] rows) {
        var mean = new double[rows[0].length];
        for (var row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / (double) rows.length;
            }
        }
        return mean;
    }

    private static double total(float[][] rows, double[] mean) {
        double total = Double.MIN_NORMAL;
        for (var row : rows) {
            for (int i = 0; i < mean.length; i++) {
                total += (row[i] - mean[i]) * (row[i] - mean[i]);
            }
        }
        return total;
    }

    private static double along(float[] row, double[] mean, double[] direction) {
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            sum += (row[i] - mean[i]) * direction[i];
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
