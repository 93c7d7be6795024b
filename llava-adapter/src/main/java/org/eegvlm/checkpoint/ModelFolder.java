package org.eegvlm.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model folder is, judged by its files and never by its name: full weights; or a LoRA adapter, or a projector
 * alone, over the full weights of a base.
 *
 * @param model the folder that was asked for
 * @param base the full weights; the same folder, or file of llama2.c, unless the model is made for a base
 * @param adapter the folder of the adapter, where there is one
 */
public record ModelFolder(Path model, Checkpoint base, Optional<Path> adapter) {

    /** LLaVA's own code saves it so where nothing but the projector was trained. */
    public static final String PROJECTOR = "mm_projector.bin";

    /** Lies in a LoRA folder, and in no other. */
    public static final String ADAPTER_CONFIG = "adapter_config.json";

    /** Lists of targets may be long, but not as long. */
    private static final long LARGEST_ADAPTER_CONFIG = 4 << 20;

    /**
     * @param path of the folder, or what {@link ModelFolders} finds
     * @param modelBase for a LoRA folder the full weights; without it, the folder that {@code adapter_config.json} names
     * @throws IllegalArgumentException if a folder is missing or the two do not go together
     */
    public static ModelFolder open(Path path, Optional<Path> modelBase) throws IOException {
        var model = ModelFolders.resolve(path.toString());
        if (isAdapter(model)) {
            var base = modelBase.isPresent() ? resolve(modelBase.get(), model) : namedBase(model);
            return new ModelFolder(model, Checkpoint.open(base), Optional.of(model));
        }
        refuseUnfinishedTraining(model);
        if (modelBase.isEmpty()) {
            return new ModelFolder(model, Checkpoint.open(model), Optional.empty());
        }
        if (!Files.exists(model.resolve(PROJECTOR))) {
            throw new IllegalArgumentException("%s has neither %s nor %s: it is not a LoRA folder, so it takes no base"
                    .formatted(model, ADAPTER_CONFIG, PROJECTOR));
        }
        return new ModelFolder(model, Checkpoint.open(resolve(modelBase.get(), model)), Optional.empty());
    }

    /** Whether the folder is a LoRA folder, as PEFT writes it. */
    public static boolean isAdapter(Path folder) {
        return Files.exists(folder.resolve(ADAPTER_CONFIG));
    }

    /** Whether the model's own folder holds all there is. */
    public boolean isWhole() {
        return model.equals(base.folder()) || Files.isRegularFile(model);
    }

    /** What a training writes holds checkpoints first; the folder is a model when it is finished. */
    private static void refuseUnfinishedTraining(Path folder) throws IOException {
        if (!Files.isDirectory(folder) || Files.exists(folder.resolve(FolderFiles.CONFIG))) {
            return;
        }
        try (var checkpoints = Files.newDirectoryStream(folder, "checkpoint-*")) {
            for (var checkpoint : checkpoints) {
                throw new IllegalArgumentException(
                        "%s is a training that is not finished; name a checkpoint of it, such as %s"
                                .formatted(folder, checkpoint));
            }
        }
    }

    private static Path resolve(Path base, Path model) throws IOException {
        return ModelFolders.resolve(base.toString(), model);
    }

    private static Path namedBase(Path model) throws IOException {
        var name = FolderFiles.open(model)
                .json(ADAPTER_CONFIG, LARGEST_ADAPTER_CONFIG)
                .path("base_model_name_or_path")
                .asText("");
        var found = ModelFolders.found(name, model);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("%s is a LoRA folder: name the model it adapts with --model-base%s"
                    .formatted(model, name.isBlank() ? "" : "; " + ModelFolders.missing(name, model)));
        }
        return found.get();
    }
}
