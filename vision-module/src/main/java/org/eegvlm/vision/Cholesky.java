package org.eegvlm.vision;

/** Solves {@code AX = B} for a symmetric positive definite A, as {@code A = LLᵀ}. */
final class Cholesky {

    private Cholesky() {}

    /**
     * @param a [n, n]; becomes L in its lower triangle
     * @param b [n, m]; becomes X
     */
    static void solve(double[][] a, double[][] b) {
        decompose(a);
        for (int i = 0; i < a.length; i++) { // LZ = B
            for (int j = 0; j < i; j++) {
                subtractScaled(b[i], b[j], a[i][j]);
            }
            scale(b[i], 1 / a[i][i]);
        }
        for (int i = a.length - 1; i >= 0; i--) { // LᵀX = Z
            for (int j = i + 1; j < a.length; j++) {
                subtractScaled(b[i], b[j], a[j][i]);
            }
            scale(b[i], 1 / a[i][i]);
        }
    }

    private static void decompose(double[][] a) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                if (j < i) {
                    a[i][j] = sum / a[j][j];
                } else if (sum > 0) {
                    a[i][i] = Math.sqrt(sum);
                } else {
                    throw new IllegalArgumentException("the matrix is not positive definite, at row " + i);
                }
            }
        }
    }

    private static void subtractScaled(double[] row, double[] other, double factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] -= factor * other[j];
        }
    }

    private static void scale(double[] row, double factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= factor;
        }
    }
}
