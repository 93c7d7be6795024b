package org.eegvlm.eval;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.llama.GenerationOptions;

/**
 * What {@code model-vqa} asks, of whom, and where the answers go.
 *
 * @param model whom to ask
 * @param data what to ask about
 * @param answersFile one JSON line an answer
 * @param batch questions asked together
 * @param generation how answers are written
 */
public record VqaConfig(
        Model model, Data data, Path answersFile, int batch, GenerationOptions generation, boolean overwrite) {

    /**
     * @param path a full model, or a LoRA folder
     * @param base what a LoRA folder was trained on
     * @param load how it is put into memory
     * @param conversation a prompt template; without one the template stored at training
     */
    public record Model(Path path, Optional<Path> base, LoadOptions load, Optional<String> conversation) {}

    /**
     * @param questionFile one JSON line a question
     * @param features rows for the second pictures; without them {@code eval_high_level_features.npy} beside the
     *     question file
     * @param featureMode how rows are injected; without one the mode stored at training
     * @param seed of {@code shuffle}
     */
    public record Data(
            Path questionFile, Path imageFolder, Optional<Path> features, Optional<String> featureMode, long seed) {

        Path featureFile() {
            return features.orElse(questionFile.resolveSibling("eval_high_level_features.npy"));
        }
    }

    public VqaConfig {
        if (batch <= 0) {
            throw new IllegalArgumentException("batch must be positive, was " + batch);
        }
    }
}
