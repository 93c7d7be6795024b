package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaConfig;

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

    /**
     * @param vision how pictures go into the model; nothing for a plain Llama
     * @throws IllegalArgumentException if the model is another than the settings are for
     */
    public void requireFits(Optional<LlavaConfig> vision, Path model) {
        require(
                vision.isPresent() || featureMode == FeatureMode.OFF,
                "%s is a language model without a vision tower; give --feature-mode off".formatted(model));
        claims.requireTrueOf(vision, model);
    }

    public InputConfig withFeatureMode(FeatureMode mode) {
        return new InputConfig(conversation, mode, maxLength, claims);
    }

    public InputConfig withMaxLength(int tokens) {
        return new InputConfig(conversation, featureMode, tokens, claims);
    }

    public InputConfig withClaims(VisionClaims other) {
        return new InputConfig(conversation, featureMode, maxLength, other);
    }
}
