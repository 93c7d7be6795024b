package org.eegvlm.llama;

/** The one way in which this package refuses an argument. */
final class Preconditions {

    private Preconditions() {}

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
