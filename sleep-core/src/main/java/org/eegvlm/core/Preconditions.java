package org.eegvlm.core;

/** The one way in which an argument is refused. */
public final class Preconditions {

    private Preconditions() {}

    /** @throws IllegalArgumentException with the message, unless the condition holds */
    public static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Puts the message together only where it is needed: for what is asked of every token. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation is in no library that we have
    public static void require(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
