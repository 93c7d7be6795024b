package org.eegvlm.llava;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.llama.LlamaConfig;

/**
 * What LLaVA-1.5 adds to a Llama {@code config.json}.
 *
 * @param llama the decoder's part
 * @param visionTower {@code mm_vision_tower}: a folder, absolute or relative to the model's, or a published tower's name;
 *     empty where the tower lies in the model's own files
 * @param visionWidth {@code mm_hidden_size}: what the projector takes, and how long a feature row is
 * @param selectLayer {@code mm_vision_select_layer}: which hidden state of the tower, −2 the last but one
 * @param padToSquare whether {@code image_aspect_ratio} is {@code pad}
 * @param maxLength {@code tokenizer_model_max_length}: where training cut its sequences
 */
public record LlavaConfig(
        LlamaConfig llama,
        Optional<String> visionTower,
        int visionWidth,
        int selectLayer,
        boolean padToSquare,
        OptionalInt maxLength) {

    private static final int WIDEST = 1 << 16;
    private static final String CONFIG = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final long LARGEST_PREPROCESSOR = 1 << 20;

    public LlavaConfig {
        if (visionWidth <= 0 || visionWidth > WIDEST) {
            throw new IllegalArgumentException(
                    "mm_hidden_size must be in 1..%d, was %d".formatted(WIDEST, visionWidth));
        }
    }

    /**
     * The decoder as the base says; what pictures go through, as a LoRA folder says that has its own words on it: its
     * base may be a plain Llama.
     *
     * @return empty for a plain Llama
     * @throws MalformedDataException if the folder describes another decoder than its base has
     */
    public static Optional<LlavaConfig> of(ModelFolder folder) throws IOException {
        var base = folder.base();
        var files = FolderFiles.open(folder.isWhole() ? base.folder() : folder.model());
        if (folder.isWhole() || files.file(CONFIG).isEmpty()) {
            return takesPictures(base.config()) ? Optional.of(ofBase(base)) : Optional.empty();
        }
        var own = files.path().resolve(CONFIG);
        var json = files.config();
        if (!takesPictures(json)) {
            return Optional.empty();
        }
        var config = padded(read(json, own), json, folder.model());
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
        return Optional.of(config.withLlama(decoder));
    }

    private static boolean takesPictures(JsonNode config) {
        return config.has("mm_vision_tower") || config.has("text_config");
    }

    /** In transformers' own layout, the file beside it tells whether pictures are padded. */
    private static LlavaConfig ofBase(Checkpoint base) throws IOException {
        return padded(read(base.config(), base.configFile()), base.config(), base.folder());
    }

    private static LlavaConfig padded(LlavaConfig config, JsonNode json, Path folder) throws IOException {
        var files = FolderFiles.open(folder);
        if (json.has("text_config") && files.file(PREPROCESSOR).isPresent()) {
            var pad = files.json(PREPROCESSOR, LARGEST_PREPROCESSOR).path("do_pad");
            return config.withPadding(pad.asBoolean(false));
        }
        return config;
    }

    /**
     * Reads the original LLaVA-1.5 layout, or transformers' own, which has a {@code text_config}.
     *
     * @param file named in messages
     * @throws MalformedDataException if it asks for a projector, a feature or a padding that is not computed here
     */
    public static LlavaConfig read(JsonNode json, Path file) throws IOException {
        try {
            return json.has("text_config") ? hf(json, file) : original(json, file);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    private static LlavaConfig original(JsonNode json, Path file) throws IOException {
        require(json, "mm_projector_type", "mlp2x_gelu", file);
        require(json, "mm_vision_select_feature", "patch", file);
        require(json, "mm_use_im_start_end", "false", file);
        var aspect = json.path("image_aspect_ratio").asText("square");
        if (!aspect.equals("pad") && !aspect.equals("square")) {
            throw new MalformedDataException(
                    file, "field 'image_aspect_ratio'", "'%s' is not known; pad and square are".formatted(aspect));
        }
        var maxLength = json.path("tokenizer_model_max_length");
        return new LlavaConfig(
                LlamaConfig.read(json, file),
                Optional.of(text(json, "mm_vision_tower", file)),
                json.path("mm_hidden_size").asInt(0),
                json.path("mm_vision_select_layer").asInt(-2),
                aspect.equals("pad"),
                maxLength.isInt() ? OptionalInt.of(maxLength.asInt()) : OptionalInt.empty());
    }

    /** Absent keys mean the defaults of transformers' LlavaConfig. */
    private static LlavaConfig hf(JsonNode json, Path file) throws IOException {
        require(json, "projector_hidden_act", "gelu", file);
        require(json, "vision_feature_select_strategy", "default", file);
        require(json, "multimodal_projector_bias", "true", file);
        var layer = json.path("vision_feature_layer");
        if (!layer.isInt() && !layer.isMissingNode()) {
            throw new MalformedDataException(
                    file, "field 'vision_feature_layer'", "%s is not supported; one number is".formatted(layer));
        }
        var vision = json.has("vision_config") ? ClipConfig.read(json, file) : ClipConfig.VIT_L_14_336;
        return new LlavaConfig(
                LlamaConfig.read(json, file),
                Optional.empty(),
                vision.width(),
                layer.asInt(-2),
                false,
                OptionalInt.empty());
    }

    /** The same way of putting pictures in, for another decoder. */
    LlavaConfig withLlama(LlamaConfig decoder) {
        return new LlavaConfig(decoder, visionTower, visionWidth, selectLayer, padToSquare, maxLength);
    }

    private LlavaConfig withPadding(boolean pad) {
        return new LlavaConfig(llama, visionTower, visionWidth, selectLayer, pad, maxLength);
    }

    /** The longest sequence, pictures included. */
    public int longest() {
        return Math.min(llama.maxPositions(), maxLength.orElse(llama.maxPositions()));
    }

    private static void require(JsonNode json, String key, String known, Path file) throws IOException {
        var value = json.path(key).asText(known);
        if (!value.equals(known)) {
            throw new MalformedDataException(
                    file, "field '" + key + "'", "'%s' is not supported; %s is".formatted(value, known));
        }
    }

    private static String text(JsonNode json, String key, Path file) throws IOException {
        var node = json.path(key);
        if (!node.isTextual()) {
            throw new MalformedDataException(file, "field '" + key + "' is missing: this is no LLaVA model");
        }
        return node.asText();
    }
}
