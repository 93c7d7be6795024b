package org.eegvlm.llama;

/** The one way in which this package refuses an argument. */
final class Preconditions {

    private Preconditions() {}

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Puts the message together only where it is needed: for what is asked of every token. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation is in no library that we have
    static void require(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
