package org.eegvlm.core.score;

import org.eegvlm.core.SleepStage;

/** What the scorer makes of a model's free text. */
public sealed interface ParsedAnswer {

    /** The text names one stage. */
    record Staged(SleepStage stage) implements ParsedAnswer {}

    /** The text names no stage, or more than one. */
    record Unreadable(String text) implements ParsedAnswer {}

    /** An unreadable answer is a wrong one: dropping it would flatter the model. */
    default boolean agreesWith(SleepStage truth) {
        return this instanceof Staged staged && staged.stage() == truth;
    }
}
