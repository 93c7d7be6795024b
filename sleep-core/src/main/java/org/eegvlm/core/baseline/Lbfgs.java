package org.eegvlm.core.baseline;

import java.util.ArrayDeque;
import java.util.Deque;

/** Limited-memory BFGS (Liu and Nocedal 1989) with a backtracking line search, for smooth convex functions. */
final class Lbfgs {

    private static final int MEMORY = 10;
    private static final int MOST_STEPS = 1000;
    private static final double GRADIENT_TOLERANCE = 1e-8;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double SHORTEST_STEP = 1e-12;

    private Lbfgs() {}

    @FunctionalInterface
    interface Objective {

        /**
         * @param gradient all zero; receives the gradient at x
         * @return the value at x
         */
        double at(double[] x, double[] gradient);
    }

    /** A step that was taken, and how the gradient changed by it. */
    private record Correction(double[] step, double[] change, double product) {}

    /** The place of the minimum, as near as the gradient tells. */
    static double[] minimise(Objective objective, double[] start) {
        var x = start;
        var gradient = new double[x.length];
        double value = objective.at(x, gradient);
        var memory = new ArrayDeque<Correction>();
        for (int i = 0; i < MOST_STEPS && largest(gradient) > GRADIENT_TOLERANCE; i++) {
            var direction = direction(gradient, memory);
            double slope = dot(gradient, direction);
            double length = memory.isEmpty() ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
            var next = plus(x, direction, length);
            var nextGradient = new double[x.length];
            double nextValue = objective.at(next, nextGradient);
            while (nextValue > value + SUFFICIENT_DECREASE * length * slope && length > SHORTEST_STEP) {
                length /= 2;
                next = plus(x, direction, length);
                nextGradient = new double[x.length];
                nextValue = objective.at(next, nextGradient);
            }
            if (length <= SHORTEST_STEP) {
                return x;
            }
            remember(memory, plus(next, x, -1), plus(nextGradient, gradient, -1));
            x = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return x;
    }

    /** The two-loop recursion: minus the inverse Hessian, as far as remembered, times the gradient. */
    private static double[] direction(double[] gradient, Deque<Correction> memory) {
        var q = plus(new double[gradient.length], gradient, -1);
        var alphas = new double[memory.size()];
        int i = memory.size();
        for (var newestFirst = memory.descendingIterator(); newestFirst.hasNext(); ) {
            var c = newestFirst.next();
            alphas[--i] = dot(c.step, q) / c.product;
            q = plus(q, c.change, -alphas[i]);
        }
        if (!memory.isEmpty()) {
            var last = memory.getLast();
            q = plus(new double[q.length], q, last.product / dot(last.change, last.change));
        }
        for (var c : memory) {
            double beta = dot(c.change, q) / c.product;
            q = plus(q, c.step, alphas[i++] - beta);
        }
        return q;
    }

    private static void remember(Deque<Correction> memory, double[] step, double[] change) {
        double product = dot(step, change);
        if (product > 0) {
            memory.addLast(new Correction(step, change, product));
        }
        if (memory.size() > MEMORY) {
            memory.removeFirst();
        }
    }

    private static double[] plus(double[] a, double[] b, double factor) {
        var sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * b[i];
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

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
