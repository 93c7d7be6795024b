package org.eegvlm.core.baseline;

/**
 * Multinomial logistic regression: p = softmax(W·x + b), fitted by L-BFGS to the mean cross-entropy plus
 * λ/2 · ‖W‖². The intercepts b are free of the penalty. The same rows give the same weights.
 */
final class LogisticRegression {

    private final int classes;
    private final int features;

    /** Row after row: the weights of one class, then its intercept. [classes · (features + 1)] */
    private final double[] weights;

    private LogisticRegression(int classes, int features, double[] weights) {
        this.classes = classes;
        this.features = features;
        this.weights = weights;
    }

    /**
     * @param rows [n][features]
     * @param truth the class of each row, from 0
     * @param l2 λ
     */
    static LogisticRegression fit(double[][] rows, int[] truth, int classes, double l2) {
        int features = rows[0].length;
        var weights = Lbfgs.minimise(
                (at, gradient) -> new LogisticRegression(classes, features, at).loss(rows, truth, l2, gradient),
                new double[classes * (features + 1)]);
        return new LogisticRegression(classes, features, weights);
    }

    double[] probabilities(double[] row) {
        var p = new double[classes];
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            int w = c * (features + 1);
            p[c] = weights[w + features];
            for (int f = 0; f < features; f++) {
                p[c] += weights[w + f] * row[f];
            }
            largest = Math.max(largest, p[c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(p[c] - largest);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    private double loss(double[][] rows, int[] truth, double l2, double[] gradient) {
        double loss = 0;
        for (int i = 0; i < rows.length; i++) {
            var p = probabilities(rows[i]);
            loss -= Math.log(Math.max(p[truth[i]], Double.MIN_NORMAL)) / rows.length;
            p[truth[i]] -= 1;
            for (int c = 0; c < classes; c++) {
                int w = c * (features + 1);
                for (int f = 0; f < features; f++) {
                    gradient[w + f] += p[c] * rows[i][f] / rows.length;
                }
                gradient[w + features] += p[c] / rows.length;
            }
        }
        return loss + penalty(l2, gradient);
    }

    private double penalty(double l2, double[] gradient) {
        double penalty = 0;
        for (int i = 0; i < weights.length; i++) {
            boolean intercept = i % (features + 1) == features;
            if (!intercept) {
                penalty += l2 / 2 * weights[i] * weights[i];
                gradient[i] += l2 * weights[i];
            }
        }
        return penalty;
    }
}
