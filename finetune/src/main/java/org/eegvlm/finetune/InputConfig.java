package org.eegvlm.finetune;

import static org.eegvlm.core.Preconditions.require;

import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;

/**
 * What the model reads.
 *
 * @param maxLength in tokens, pictures expanded: longer samples are cut
 */
public record InputConfig(Conversation conversation, FeatureMode featureMode, int maxLength) {

    public static final InputConfig DEFAULT = new InputConfig(Conversation.V1, FeatureMode.FUSE, 2048);

    public InputConfig {
        require(maxLength > 0, "the maximal length must be positive, was " + maxLength);
    }

    public InputConfig withFeatureMode(FeatureMode mode) {
        return new InputConfig(conversation, mode, maxLength);
    }
}
