package org.eegvlm.finetune;

import static org.eegvlm.core.Preconditions.require;

import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;

/**
 * What the model reads.
 *
 * @param maxLength in tokens, pictures expanded: longer samples are cut
 * @param claims what must be true of the model
 */
public record InputConfig(Conversation conversation, FeatureMode featureMode, int maxLength, VisionClaims claims) {

    public static final InputConfig DEFAULT =
            new InputConfig(Conversation.V1, FeatureMode.FUSE, 2048, VisionClaims.NONE);

    public InputConfig {
        require(maxLength > 0, "the maximal length must be positive, was " + maxLength);
    }

    public InputConfig withFeatureMode(FeatureMode mode) {
        return new InputConfig(conversation, mode, maxLength, claims);
    }

    public InputConfig withConversation(Conversation other) {
        return new InputConfig(other, featureMode, maxLength, claims);
    }

    public InputConfig withMaxLength(int tokens) {
        return new InputConfig(conversation, featureMode, tokens, claims);
    }

    public InputConfig withClaims(VisionClaims other) {
        return new InputConfig(conversation, featureMode, maxLength, other);
    }
}
