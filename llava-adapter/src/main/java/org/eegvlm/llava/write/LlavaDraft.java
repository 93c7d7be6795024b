package org.eegvlm.llava.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.CheckpointWriter;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.checkpoint.StoredType;
import org.eegvlm.checkpoint.TensorPlan;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llava.ImageProcessor;
import org.eegvlm.llava.LlavaConfig;
import org.eegvlm.llava.VisionSource;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * A model as it will lie in another layout, or with other weights.
 *
 * @param from the weights of decoder and projector, and the folder of the tokenizer
 * @param type of all tensors; without it, each keeps its own
 */
record LlavaDraft(Checkpoint from, Optional<StoredType> type) {

    static final String EMBEDDINGS = "model.embed_tokens.weight";

    /** What has a row for each word. */
    private static final Set<String> OF_VOCABULARY = Set.of(EMBEDDINGS, "lm_head.weight");

    /** What has a place in the layout of transformers. */
    private static final List<String> KNOWN =
            List.of("model.embed_tokens.", "model.layers.", "model.norm.", "lm_head.", KeyLayout.PROJECTOR);

    private static final String TOWER_FOLDER = "vision-tower";
    private static final String MODEL_FOLDER = "";

    /** How the tensors of the language model are taken over. */
    @FunctionalInterface
    interface Taking {
        void take(TensorPlan plan, String name) throws IOException;

        /** Plans what the checkpoint has not. */
        default void takeOthers(TensorPlan plan) throws IOException {}
    }

    LlavaDraft {
        if (!from.has(EMBEDDINGS)) {
            throw new IllegalArgumentException(
                    "%s holds no language model: it has no %s".formatted(from.folder(), EMBEDDINGS));
        }
    }

    /** A text-only Llama, which is the same in both layouts. */
    ModelDraft text(Taking taking) throws IOException {
        var writer = new CheckpointWriter();
        var plan = plan(writer, KeyLayout.ORIGINAL);
        for (var name : languageModel(plan)) {
            taking.take(plan, name);
        }
        var config = copyOfConfig();
        if (!config.has("architectures")) {
            config.putArray("architectures").add("LlamaForCausalLM");
        }
        config.put("torch_dtype", plan.type(EMBEDDINGS).torchName());
        var draft = new ModelDraft();
        draft.add(MODEL_FOLDER, writer);
        draft.add(folder -> Json.write(folder.resolve(PictureFiles.CONFIG), config));
        draft.add(folder -> WrittenTokenizer.copy(from, folder));
        return draft;
    }

    private int textVocabulary(int rows) throws MalformedDataException {
        try {
            return PictureTokens.textVocabulary(from.config(), rows);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(from.configFile(), String.valueOf(e.getMessage()));
        }
    }

    /** The original layout, with the tower in a folder inside the model's. */
    ModelDraft original(LlavaConfig config, VisionSource tower, Taking taking) throws IOException {
        var writer = new CheckpointWriter();
        var plan = plan(writer, KeyLayout.ORIGINAL);
        int rows = config.llama().vocabularySize();
        int kept = nested() ? textVocabulary(rows) : rows;
        for (var name : languageModel(plan)) {
            if (OF_VOCABULARY.contains(name) && kept < rows) {
                plan.resize(name, kept);
            } else {
                taking.take(plan, name);
            }
        }
        taking.takeOthers(plan);
        var json = ConfigTranslation.toOriginal(from.config(), config)
                .put("vocab_size", kept)
                .put("mm_vision_tower", TOWER_FOLDER)
                .put("torch_dtype", plan.type(EMBEDDINGS).torchName());
        var draft = new ModelDraft();
        draft.add(MODEL_FOLDER, writer);
        draft.add(folder -> Json.write(folder.resolve(PictureFiles.CONFIG), json));
        draft.add(folder -> {
            var tokenizer = WrittenTokenizer.copy(from, folder);
            if (nested()) {
                tokenizer.removeFrom(kept);
            }
        });
        addTowerFolder(draft, config, tower);
        return draft;
    }

    /** The layout of transformers, with the tower inside. */
    ModelDraft hf(LlavaConfig config, VisionSource tower) throws IOException {
        var writer = new CheckpointWriter();
        var plan = plan(writer, KeyLayout.HF);
        var added = nested() ? Optional.<PictureTokens>empty() : Optional.of(pictureTokens(config));
        for (var name : languageModel(plan)) {
            requireKnown(name);
            if (OF_VOCABULARY.contains(name) && added.isPresent()) {
                plan.resize(name, added.get().rows());
            } else {
                plan.copy(name);
            }
        }
        addTower(new TensorPlan(tower.checkpoint(), writer, type, KeyLayout.HF::fromOriginal));
        var torchType = plan.type(EMBEDDINGS).torchName();
        var json = added.isPresent()
                ? ConfigTranslation.toHf(from.config(), config, tower.config(), added.get())
                : copyOfConfig();
        json.put("torch_dtype", torchType);
        json.withObjectProperty("text_config").put("torch_dtype", torchType);
        var draft = new ModelDraft();
        draft.add(MODEL_FOLDER, writer);
        draft.add(folder -> {
            Json.write(folder.resolve(PictureFiles.CONFIG), json);
            Json.write(
                    folder.resolve(PictureFiles.PREPROCESSOR),
                    PictureFiles.preprocessor(imageProcessor(config, tower), true));
            Json.write(folder.resolve(PictureFiles.PROCESSOR), PictureFiles.processor(tower.config()));
            var tokenizer = WrittenTokenizer.copy(from, folder);
            if (added.isPresent()) {
                tokenizer.add(added.get());
            }
        });
        return draft;
    }

    private void addTowerFolder(ModelDraft draft, LlavaConfig config, VisionSource tower) throws IOException {
        var writer = new CheckpointWriter();
        var plan = new TensorPlan(tower.checkpoint(), writer, type, KeyLayout.CLIP::fromOriginal);
        var torchType = addTower(plan);
        var json = PictureFiles.tower(tower.config()).put("torch_dtype", torchType);
        json.putArray("architectures").add("CLIPVisionModel");
        draft.add(TOWER_FOLDER, writer);
        draft.add(folder -> {
            var inside = folder.resolve(TOWER_FOLDER);
            Json.write(inside.resolve(PictureFiles.CONFIG), json);
            Json.write(
                    inside.resolve(PictureFiles.PREPROCESSOR),
                    PictureFiles.preprocessor(imageProcessor(config, tower), false));
        });
    }

    /** Returns the name of its element type. */
    private static String addTower(TensorPlan plan) throws IOException {
        var names = plan.names().stream()
                .filter(name -> name.startsWith(KeyLayout.TOWER))
                .toList();
        for (var name : names) {
            plan.copy(name);
        }
        return plan.type(names.get(0)).torchName();
    }

    private TensorPlan plan(CheckpointWriter writer, KeyLayout layout) {
        return new TensorPlan(from, writer, type, layout::fromOriginal);
    }

    private static List<String> languageModel(TensorPlan plan) {
        return plan.names().stream()
                .filter(name -> !name.startsWith(KeyLayout.TOWER))
                .toList();
    }

    private boolean nested() {
        return from.config().has("text_config");
    }

    private PictureTokens pictureTokens(LlavaConfig config) throws IOException {
        try (var tokenizer = LlamaTokenizer.load(from.folder())) {
            return PictureTokens.after(
                    tokenizer.vocabularySize(), config.llama().vocabularySize());
        }
    }

    private static ImageProcessor imageProcessor(LlavaConfig config, VisionSource tower) throws IOException {
        return ImageProcessor.in(tower.checkpoint().folder(), tower.config().imageSize(), config.padToSquare());
    }

    private ObjectNode copyOfConfig() throws IOException {
        if (from.config() instanceof ObjectNode config) {
            return config.deepCopy();
        }
        throw new MalformedDataException(from.configFile(), "holds no object");
    }

    private void requireKnown(String name) throws IOException {
        if (KNOWN.stream().noneMatch(name::startsWith)) {
            throw new MalformedDataException(
                    from.folder(), "tensor '%s'".formatted(name), "has no place in the layout of LLaVA-1.5");
        }
    }
}
