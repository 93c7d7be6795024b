package org.eegvlm.llava;

import java.util.Optional;

/**
 * How a model is asked.
 *
 * @param conversation the template it was trained with
 * @param mode what becomes of second pictures; for {@link FeatureMode#SHUFFLE} the requests carry shuffled rows already
 * @param maxNewTokens where an answer is cut
 * @param closedSet answers whose probabilities are wanted besides the free one
 */
public record AnswerOptions(
        Conversation conversation, FeatureMode mode, int maxNewTokens, Optional<ClosedSet> closedSet) {

    public AnswerOptions {
        if (maxNewTokens <= 0) {
            throw new IllegalArgumentException("maxNewTokens must be positive, was " + maxNewTokens);
        }
    }

    public AnswerOptions(Conversation conversation, FeatureMode mode, int maxNewTokens) {
        this(conversation, mode, maxNewTokens, Optional.empty());
    }

    public AnswerOptions withClosedSet(ClosedSet closedSet) {
        return new AnswerOptions(conversation, mode, maxNewTokens, Optional.of(closedSet));
    }
}
