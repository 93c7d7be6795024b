package org.eegvlm.core.signal;

import java.util.Arrays;

/**
 * A symmetric matrix with nothing but its diagonal and what is beside it.
 *
 * @param diagonal N values
 * @param beside N − 1 values, none of them 0
 */
record SymmetricTridiagonal(double[] diagonal, double[] beside) {

    /** The eigenvalue with so many larger ones, by bisection on Sturm's count. */
    double eigenvalue(int larger) {
        double reach = 0;
        for (int i = 0; i < diagonal.length; i++) {
            double neighbours = (i > 0 ? Math.abs(beside[i - 1]) : 0) + (i < beside.length ? Math.abs(beside[i]) : 0);
            reach = Math.max(reach, Math.abs(diagonal[i]) + neighbours); // Gershgorin
        }
        double low = -reach;
        double high = reach;
        for (double middle = 0; middle > low && middle < high; middle = low + (high - low) / 2) {
            if (countAbove(middle) > larger) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The eigenvector of an eigenvalue that stands well apart from the others, by inverse iteration.
     *
     * @param order parity of the start vector: even eigenvectors are symmetric, odd ones antisymmetric
     * @return of length 1
     */
    double[] eigenvector(double eigenvalue, int order, int iterations) {
        var vector = new double[diagonal.length];
        int last = vector.length - 1;
        for (int i = 0; i <= last; i++) {
            vector[i] = order % 2 == 0 ? 1 : last - 2.0 * i;
        }
        normalise(vector);
        for (int i = 0; i < iterations; i++) {
            solve(eigenvalue, vector);
            normalise(vector);
        }
        return vector;
    }

    private int countAbove(double value) {
        int above = 0;
        double pivot = 1;
        for (int i = 0; i < diagonal.length; i++) {
            double coupling = i > 0 ? beside[i - 1] * beside[i - 1] / pivot : 0;
            pivot = diagonal[i] - value - coupling;
            if (pivot == 0) {
                pivot = -Double.MIN_NORMAL;
            }
            above += pivot > 0 ? 1 : 0;
        }
        return above;
    }

    /** Solves (T − value) x = vector in place: Gauss with row exchanges, which add a second upper diagonal. */
    private void solve(double value, double[] vector) {
        int n = diagonal.length;
        var pivot = new double[n];
        var upper = Arrays.copyOf(beside, n);
        var upper2 = new double[n];
        for (int i = 0; i < n; i++) {
            pivot[i] = diagonal[i] - value;
        }
        for (int i = 0; i + 1 < n; i++) {
            double below = beside[i];
            if (Math.abs(below) > Math.abs(pivot[i])) {
                double factor = pivot[i] / below;
                double nextPivot = pivot[i + 1];
                pivot[i] = below;
                pivot[i + 1] = upper[i] - factor * nextPivot;
                upper[i] = nextPivot;
                upper2[i] = upper[i + 1];
                upper[i + 1] = -factor * upper2[i];
                double moved = vector[i];
                vector[i] = vector[i + 1];
                vector[i + 1] = moved - factor * vector[i];
            } else {
                double factor = below / pivot[i];
                pivot[i + 1] -= factor * upper[i];
                vector[i + 1] -= factor * vector[i];
            }
        }
        if (pivot[n - 1] == 0) {
            pivot[n - 1] = Math.ulp(value); // the eigenvalue is exact to the last digit
        }
        for (int i = n - 1; i >= 0; i--) {
            double known = (i + 1 < n ? upper[i] * vector[i + 1] : 0) + (i + 2 < n ? upper2[i] * vector[i + 2] : 0);
            vector[i] = (vector[i] - known) / pivot[i];
        }
    }

    private static void normalise(double[] vector) {
        double largest = 0;
        for (double value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        double squares = 0;
        for (double value : vector) {
            squares += value / largest * (value / largest);
        }
        double length = largest * Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
    }
}
