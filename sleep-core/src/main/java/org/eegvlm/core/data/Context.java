package org.eegvlm.core.data;

import java.util.List;
import java.util.Optional;

/**
 * What stands before a question.
 *
 * @param system in place of the template's own system text
 * @param before earlier questions with their answers, in turns
 */
public record Context(Optional<String> system, List<Turn> before) {

    public static final Context NONE = new Context(Optional.empty(), List.of());

    public Context {
        before = List.copyOf(before);
    }
}
