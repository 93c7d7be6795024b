package org.eegvlm.llava;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LlamaConfig;

/**
 * What a model folder is, judged by its files and never by its name: full weights, or a LoRA adapter with the projector
 * that was trained beside it, over the full weights of a base.
 *
 * <p>Closing it lets go of the maps of its files; tensors that were read stay.
 *
 * @param model the folder that was asked for
 * @param base the full weights; the same folder unless {@code adapter} is set
 * @param adapter the folder of the adapter, where there is one
 * @param config the base's for the decoder, the model's own for how pictures go in
 */
record LlavaFolder(Path model, Checkpoint base, Optional<Path> adapter, LlavaConfig config) implements AutoCloseable {

    private static final String ADAPTER = "adapter_config.json";
    private static final String CONFIG = "config.json";

    static LlavaFolder open(Path model, Optional<Path> modelBase) throws IOException {
        if (!Files.isDirectory(model)) {
            throw new IllegalArgumentException("no model folder " + model);
        }
        if (!Files.exists(model.resolve(ADAPTER))) {
            if (modelBase.isPresent()) {
                throw new IllegalArgumentException(
                        "%s has no %s: it is not a LoRA folder, so it takes no base".formatted(model, ADAPTER));
            }
            var base = Checkpoint.open(model);
            return new LlavaFolder(model, base, Optional.empty(), LlavaConfig.read(base.config(), base.configFile()));
        }
        var base = Checkpoint.open(modelBase.isPresent() ? modelBase.get() : namedBase(model));
        return new LlavaFolder(model, base, Optional.of(model), config(model, base));
    }

    /** Where a relative {@code mm_vision_tower} is looked for. */
    List<Path> towerRoots() {
        return List.of(model, base.folder());
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

    /** The decoder is as the base says; what pictures go through, as the adapter says: a base may be a plain Llama. */
    private static LlavaConfig config(Path adapter, Checkpoint base) throws IOException {
        var own = adapter.resolve(CONFIG);
        if (!Files.exists(own)) {
            return LlavaConfig.read(base.config(), base.configFile());
        }
        var config = LlavaConfig.read(Json.readTree(own), own);
        var decoder = LlamaConfig.read(base.config(), base.configFile());
        if (config.llama().hiddenSize() != decoder.hiddenSize()
                || config.llama().layers() != decoder.layers()) {
            throw new MalformedDataException(
                    own,
                    "describes a decoder of %d × %d; the base %s has %d × %d"
                            .formatted(
                                    config.llama().hiddenSize(),
                                    config.llama().layers(),
                                    base.folder(),
                                    decoder.hiddenSize(),
                                    decoder.layers()));
        }
        return config.withLlama(decoder);
    }
}
