package org.eegvlm.core.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {

    /** Written by reference/make_logistic_regression.py. */
    record Golden(double l2, double[][] rows, int[] classes, double[][] probabilities) {}

    @Test
    void agreesWithScikitLearn() throws IOException {
        var golden = golden();

        var regression = LogisticRegression.fit(golden.rows, golden.classes, 3, golden.l2);

        var probabilities = Arrays.stream(golden.rows)
                .limit(10)
                .map(regression::probabilities)
                .toArray(double[][]::new);
        // Both stop within 1e-8 of a zero gradient; the probabilities are then far closer than this.
        assertThat(flat(probabilities)).containsExactly(flat(golden.probabilities), within(1e-6));
    }

    @Test
    void givesAlmostNothingToAClassNeverSeen() {
        var regression = LogisticRegression.fit(new double[][] {{-1}, {1}}, new int[] {0, 1}, 3, 0.01);

        assertThat(regression.probabilities(new double[] {1})[2]).isLessThan(0.01);
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static Golden golden() throws IOException {
        try (var json = LogisticRegressionTest.class.getResourceAsStream("logistic-regression.json")) {
            return Json.MAPPER.readValue(json, Golden.class);
        }
    }
}
