package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * Where a model's vision tower comes from: a CLIP folder of its own, or the model's own files.
 *
 * <p>Closing it lets go of the maps of those files; tensors that were read stay, and others can still be read.
 */
record VisionSource(Checkpoint checkpoint, ClipConfig config) implements AutoCloseable {

    private static final String PROBE = KeyLayout.TOWER + "embeddings.class_embedding";

    /**
     * @param folders against which a relative {@code mm_vision_tower} is resolved, first match wins
     */
    static VisionSource find(LlavaConfig config, List<Path> folders, Checkpoint model) throws IOException {
        var folder = folder(config.visionTower(), folders);
        if (model.has(PROBE)) {
            return new VisionSource(model, shape(config, folder, model));
        }
        if (folder.isEmpty()) {
            throw new MalformedDataException(
                    model.configFile(),
                    "field 'mm_vision_tower'",
                    "names '%s', which is no folder here; download that tower and name its folder"
                            .formatted(config.visionTower()));
        }
        var tower = Checkpoint.open(folder.get());
        return new VisionSource(tower, ClipConfig.read(tower.config(), tower.configFile()));
    }

    @Override
    public void close() {
        checkpoint.close();
    }

    private static Optional<Path> folder(String tower, List<Path> folders) {
        return folders.stream()
                .map(folder -> folder.resolve(tower).normalize())
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static ClipConfig shape(LlavaConfig config, Optional<Path> folder, Checkpoint model) throws IOException {
        if (folder.isPresent()) {
            var file = folder.get().resolve("config.json");
            return ClipConfig.read(Json.readTree(file), file);
        }
        if (config.visionTower().endsWith("clip-vit-large-patch14-336")) {
            return ClipConfig.VIT_L_14_336;
        }
        throw new MalformedDataException(
                model.configFile(),
                "field 'mm_vision_tower'",
                "the model holds the weights of '%s', but nothing tells its shape".formatted(config.visionTower()));
    }
}
