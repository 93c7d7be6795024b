package org.eegvlm.llama;

import java.util.List;
import java.util.Optional;

/**
 * Follows answers while they are written, and may end them. Called by the thread that generates; what it throws ends the
 * generation and reaches the caller.
 */
@FunctionalInterface
public interface AnswerObserver {

    /** Lets everything happen unseen. */
    AnswerObserver NONE = part -> {};

    /**
     * The next part of one answer. The texts of its parts, joined, are the answer's text.
     *
     * @param row of the batch
     * @param tokens that came; a beam search tells its first when it has decided them all
     * @param text whole characters, never the beginning of a stop string: so it may lag behind the tokens, and be empty
     * @param ending with the last part
     */
    record Part(int row, List<Integer> tokens, String text, Optional<Ending> ending) {

        public Part {
            tokens = List.copyOf(tokens);
        }
    }

    void on(Part part);

    /** Asked before each token: whether this row's answer should end here. */
    default boolean cancelled(int row) {
        return false;
    }
}
