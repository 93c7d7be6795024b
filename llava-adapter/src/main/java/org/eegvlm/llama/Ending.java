package org.eegvlm.llama;

/** Why an answer ended. */
public enum Ending {
    /** The model said an end token. */
    END,
    /** A stop string came. */
    STOP,
    /** It was as long as it may be. */
    LENGTH,
    /** Nobody wanted more of it. */
    CANCELLED
}
