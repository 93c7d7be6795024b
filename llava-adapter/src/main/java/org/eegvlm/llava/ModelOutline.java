package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.llama.LlamaConfig;

/**
 * What a folder with full weights holds, known from its configuration and the headers of its files.
 *
 * @param llama the decoder
 * @param vision how pictures go in; nothing in a plain Llama
 * @param patches positions that a picture takes; 0 in a plain Llama
 * @param elements of all tensors, the tower's included
 */
public record ModelOutline(LlamaConfig llama, Optional<LlavaConfig> vision, int patches, long elements) {

    /**
     * @throws IllegalArgumentException if there is no such folder
     * @throws MalformedDataException if a file is not what its name says
     */
    public static ModelOutline read(Path model) throws IOException {
        var folder = ModelFolder.open(model, Optional.empty());
        var base = folder.base();
        var vision = LlavaConfig.of(folder);
        var checkpoints = new LinkedHashSet<Checkpoint>();
        checkpoints.add(base);
        int patches = 0;
        if (vision.isPresent()) {
            var tower = VisionSource.find(vision.get(), base, folder.model(), base.folder());
            checkpoints.add(tower.checkpoint());
            patches = tower.config().patches();
        }
        long elements = 0;
        for (var checkpoint : checkpoints) {
            for (var name : checkpoint.names()) {
                elements += checkpoint.info(name).elements();
            }
        }
        var llama = vision.isPresent() ? vision.get().llama() : LlamaConfig.read(base.config(), base.configFile());
        return new ModelOutline(llama, vision, patches, elements);
    }

    /** How many numbers a feature row has; 0 in a plain Llama. */
    public int featureWidth() {
        return vision.map(LlavaConfig::visionWidth).orElse(0);
    }

    /** The longest sequence, pictures included. */
    public int longest() {
        return vision.map(LlavaConfig::longest).orElse(llama.maxPositions());
    }
}
