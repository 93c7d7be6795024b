package org.eegvlm.eval;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code probe} asks, of whom, and where the logits go.
 *
 * @param model whom to ask
 * @param data what to ask about
 * @param logits the {@code .npy} file to write
 * @param newTokens how many tokens to decode greedily after each question; 0: none
 */
public record ProbeConfig(VqaConfig.Model model, Data data, Path logits, int newTokens, boolean overwrite) {

    /**
     * @param questionFile one JSON line a question, as for {@code model-vqa}
     * @param imageFolder where its pictures lie
     * @param features a row for each question
     * @param featureMode {@code fuse}, {@code token} or {@code off}; without one {@code fuse} where there are features
     */
    public record Data(
            Path questionFile, Optional<Path> imageFolder, Optional<Path> features, Optional<String> featureMode) {}

    public ProbeConfig {
        if (newTokens < 0) {
            throw new IllegalArgumentException("cannot generate %d tokens".formatted(newTokens));
        }
    }
}
