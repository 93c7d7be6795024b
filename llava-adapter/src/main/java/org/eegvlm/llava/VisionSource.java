package org.eegvlm.llava;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.checkpoint.ModelFolders;
import org.eegvlm.core.MalformedDataException;

/**
 * Where a model's vision tower comes from: a CLIP folder of its own, or the model's own files.
 */
public record VisionSource(Checkpoint checkpoint, ClipConfig config) {

    private static final String PROBE = KeyLayout.TOWER + "embeddings.class_embedding";

    /** The tower of all LLaVA-1.5, whose models name it without saying its shape. */
    private static final String PUBLISHED = "clip-vit-large-patch14-336";

    /**
     * @param beside folders in which, and next to which, the tower's may lie; the first match wins
     * @throws MalformedDataException if there is no tower, or nothing tells its shape
     */
    public static VisionSource find(LlavaConfig config, Checkpoint model, Path... beside) throws IOException {
        var folder = config.visionTower().isPresent()
                ? ModelFolders.found(config.visionTower().get(), beside)
                : Optional.<Path>empty();
        if (model.has(PROBE)) {
            return new VisionSource(model, shape(config, folder, model));
        }
        if (folder.isEmpty()) {
            throw new MalformedDataException(
                    model.configFile(),
                    "field 'mm_vision_tower'",
                    config.visionTower().isEmpty()
                            ? "is missing, and the files hold no tower"
                            : ModelFolders.missing(config.visionTower().get(), beside));
        }
        var tower = Checkpoint.open(folder.get());
        return new VisionSource(tower, ClipConfig.read(tower.config(), tower.configFile()));
    }

    private static ClipConfig shape(LlavaConfig config, Optional<Path> folder, Checkpoint model) throws IOException {
        if (model.config().has("vision_config")) {
            return ClipConfig.read(model.config(), model.configFile());
        }
        if (folder.isPresent()) {
            JsonNode json = FolderFiles.open(folder.get()).config();
            return ClipConfig.read(json, folder.get().resolve("config.json"));
        }
        var tower = config.visionTower();
        if (tower.isEmpty() || tower.get().endsWith(PUBLISHED)) {
            return ClipConfig.VIT_L_14_336; // what transformers takes for a model that says nothing, too
        }
        throw new MalformedDataException(
                model.configFile(),
                "field 'mm_vision_tower'",
                "the model holds the weights of '%s', but nothing tells its shape".formatted(tower.get()));
    }
}
