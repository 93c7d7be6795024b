package org.eegvlm.cli;

import java.util.Optional;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.finetune.config.VisionClaims;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import picocli.CommandLine.Option;

/** What a model reads in fine-tuning, and what is claimed of it. */
final class InputFlags {

    @Option(names = "--version", paramLabel = "TEMPLATE", description = "The prompt template (v1).")
    private String version = InputConfig.DEFAULT.conversation().label();

    @Option(names = "--feature-mode", description = "fuse, token, off, zero or shuffle (fuse).")
    private String featureMode = InputConfig.DEFAULT.featureMode().label();

    @Option(names = "--model-max-length", description = "Longer samples are cut, in tokens (2048).")
    private int maxLength = InputConfig.DEFAULT.maxLength();

    @Option(names = "--vision-tower", description = "Checked: the tower that the model names.")
    private Optional<String> tower = Optional.empty();

    @Option(names = "--mm-vision-select-layer", description = "Checked: the tower's layer that the model takes.")
    private Optional<Integer> selectLayer = Optional.empty();

    @Option(names = "--image-aspect-ratio", description = "Checked: pad or square, as the model has it.")
    private Optional<String> aspectRatio = Optional.empty();

    InputConfig input() {
        return new InputConfig(
                Conversation.named(version),
                FeatureMode.named(featureMode),
                maxLength,
                new VisionClaims(tower, selectLayer, aspectRatio));
    }
}
