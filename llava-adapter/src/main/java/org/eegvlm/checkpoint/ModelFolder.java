package org.eegvlm.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.io.Json;

/**
 * What a model folder is, judged by its files and never by its name: full weights, or a LoRA adapter over the full
 * weights of a base.
 *
 * <p>Closing it lets go of the maps of its files; tensors that were read stay.
 *
 * @param model the folder that was asked for
 * @param base the full weights; the same folder unless {@code adapter} is set
 * @param adapter the folder of the adapter, where there is one
 */
public record ModelFolder(Path model, Checkpoint base, Optional<Path> adapter) implements AutoCloseable {

    private static final String ADAPTER = "adapter_config.json";

    /**
     * @param modelBase for a LoRA folder the full weights; without it, the folder that {@code adapter_config.json} names
     * @throws IllegalArgumentException if a folder is missing or the two do not go together
     */
    public static ModelFolder open(Path model, Optional<Path> modelBase) throws IOException {
        if (!Files.exists(model)) {
            throw new IllegalArgumentException("no model folder " + model);
        }
        if (!Files.exists(model.resolve(ADAPTER))) {
            if (modelBase.isPresent()) {
                throw new IllegalArgumentException(
                        "%s has no %s: it is not a LoRA folder, so it takes no base".formatted(model, ADAPTER));
            }
            return new ModelFolder(model, Checkpoint.open(model), Optional.empty());
        }
        var base = Checkpoint.open(modelBase.isPresent() ? modelBase.get() : namedBase(model));
        return new ModelFolder(model, base, Optional.of(model));
    }

    @Override
    public void close() {
        base.close();
    }

    private static Path namedBase(Path model) throws IOException {
        var name = Json.readTree(model.resolve(ADAPTER))
                .path("base_model_name_or_path")
                .asText("");
        if (name.isEmpty() || !Files.isDirectory(model.resolve(name))) {
            throw new IllegalArgumentException(model + " is a LoRA folder: name the model it adapts with --model-base");
        }
        return model.resolve(name).normalize();
    }
}
