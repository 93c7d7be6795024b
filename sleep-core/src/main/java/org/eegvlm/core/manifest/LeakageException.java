package org.eegvlm.core.manifest;

/** Thrown where evaluation data would leak into training; the message tells what and between which splits. */
public final class LeakageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public LeakageException(String problem) {
        super(problem);
    }
}
