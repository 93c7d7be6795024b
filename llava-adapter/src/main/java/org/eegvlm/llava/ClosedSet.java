package org.eegvlm.llava;

import java.util.List;

/**
 * All answers that are possible after the same beginning, to be weighed against each other.
 *
 * @param start what the model is made to say first: {@code The stage is}
 * @param candidates how it may go on, each with its blank: {@code " Wake"}, {@code " N1"}
 */
public record ClosedSet(String start, List<String> candidates) {

    public ClosedSet {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("name at least one candidate");
        }
    }
}
