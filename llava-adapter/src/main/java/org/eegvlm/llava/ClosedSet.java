package org.eegvlm.llava;

import java.util.Arrays;
import java.util.List;
import org.eegvlm.core.SleepStage;

/**
 * All answers that are possible after the same beginning, to be weighed against each other.
 *
 * @param start what the model is made to say first: {@code The stage is}
 * @param candidates how it may go on, each with its blank: {@code " Wake"}, {@code " N1"}
 */
public record ClosedSet(String start, List<String> candidates) {

    /** How every taught answer begins, and the five ways in which it may go on, in the order of {@link SleepStage}. */
    public static final ClosedSet SLEEP_STAGES = new ClosedSet(
            "The stage is",
            Arrays.stream(SleepStage.values()).map(stage -> " " + stage.label()).toList());

    public ClosedSet {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("name at least one candidate");
        }
    }
}
