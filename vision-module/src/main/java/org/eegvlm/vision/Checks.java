package org.eegvlm.vision;

/** Rules for configuration. */
final class Checks {

    private Checks() {}

    /** @throws IllegalArgumentException with this message unless the condition holds */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
