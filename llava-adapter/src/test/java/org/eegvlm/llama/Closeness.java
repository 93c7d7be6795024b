package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;

/** The distance of two vectors, relative to the length of the second. */
final class Closeness {

    private Closeness() {}

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
