package org.eegvlm.llava;

import java.util.Optional;
import org.eegvlm.llama.GenerationOptions;

/**
 * How a model is asked.
 *
 * @param conversation the template it was trained with
 * @param mode what becomes of second pictures; for {@link FeatureMode#SHUFFLE} the requests carry shuffled rows already
 * @param generation how answers are written
 * @param closedSet answers whose probabilities are wanted besides the free one
 */
public record AnswerOptions(
        Conversation conversation, FeatureMode mode, GenerationOptions generation, Optional<ClosedSet> closedSet) {

    /** The likeliest tokens, and no closed set. */
    public AnswerOptions(Conversation conversation, FeatureMode mode, int maxNewTokens) {
        this(conversation, mode, GenerationOptions.greedy(maxNewTokens), Optional.empty());
    }

    public AnswerOptions withGeneration(GenerationOptions changed) {
        return new AnswerOptions(conversation, mode, changed, closedSet);
    }

    public AnswerOptions withClosedSet(ClosedSet changed) {
        return new AnswerOptions(conversation, mode, generation, Optional.of(changed));
    }
}
