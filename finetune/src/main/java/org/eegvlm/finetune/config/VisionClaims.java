package org.eegvlm.finetune.config;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.llava.LlavaConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command says of a model's eyes. It changes nothing: LLaVA's training takes these from its flags, here they are
 * the model's own, and a claim that differs is a mistake.
 *
 * @param tower {@code vision_tower}: a name or a path, of which the last part counts
 * @param selectLayer {@code mm_vision_select_layer}
 * @param aspectRatio {@code image_aspect_ratio}: pad or square
 */
public record VisionClaims(Optional<String> tower, Optional<Integer> selectLayer, Optional<String> aspectRatio) {

    public static final VisionClaims NONE = new VisionClaims(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(VisionClaims.class);

    /**
     * @param model nothing for a plain Llama
     * @throws IllegalArgumentException naming both, if a claim is not what the model says of itself
     */
    void requireTrueOf(Optional<LlavaConfig> model, Path path) {
        if (equals(NONE)) {
            return;
        }
        var config = model.orElseThrow(() -> new IllegalArgumentException(
                path + " is a language model without a vision tower; leave out the flags that describe one"));
        if (config.visionTower().isEmpty()) {
            tower.ifPresent(name -> LOG.info("the vision tower lies in {}; {} is not looked for", path, name));
        }
        require("vision_tower", tower.map(VisionClaims::lastPart), towerOf(config), path);
        require("mm_vision_select_layer", selectLayer, config.selectLayer(), path);
        require("image_aspect_ratio", aspectRatio, config.padToSquare() ? "pad" : "square", path);
    }

    private String towerOf(LlavaConfig config) {
        return lastPart(config.visionTower().or(() -> tower).orElse(""));
    }

    private static <T> void require(String flag, Optional<T> claim, T truth, Path model) {
        if (claim.isPresent() && !claim.get().equals(truth)) {
            throw new IllegalArgumentException("--%s %s: the model %s has %s; leave the flag out, or take another model"
                    .formatted(flag, claim.get(), model, truth));
        }
    }

    private static String lastPart(String name) {
        return name.substring(name.replaceFirst("/+$", "").lastIndexOf('/') + 1).replaceFirst("/+$", "");
    }
}
