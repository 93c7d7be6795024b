package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;

/** How far numbers are from those they should be. */
public final class Closeness {

    private Closeness() {}

    /** max|a − b| / max|b| */
    public static double greatestError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double distance = 0;
        double greatest = 0;
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isNotNaN();
            distance = Math.max(distance, Math.abs((double) actual[i] - expected[i]));
            greatest = Math.max(greatest, Math.abs(expected[i]));
        }
        return distance / greatest;
    }

    /** |a − b| / |b|, by the lengths of the vectors. */
    static double relativeError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double distance = 0;
        double length = 0;
        for (int i = 0; i < actual.length; i++) {
            distance += Math.pow((double) actual[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(distance / length);
    }
}
