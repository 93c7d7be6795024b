package org.eegvlm.llava;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LlamaConfig;

/**
 * What LLaVA-1.5 adds to a Llama {@code config.json}.
 *
 * @param llama the decoder's part
 * @param visionTower {@code mm_vision_tower}: a folder, absolute or relative to the model's, or a published tower's name
 * @param visionWidth {@code mm_hidden_size}: what the projector takes, and how long a feature row is
 * @param selectLayer {@code mm_vision_select_layer}: which hidden state of the tower, −2 the last but one
 * @param padToSquare whether {@code image_aspect_ratio} is {@code pad}
 * @param maxLength {@code tokenizer_model_max_length}: where training cut its sequences
 */
public record LlavaConfig(
        LlamaConfig llama,
        String visionTower,
        int visionWidth,
        int selectLayer,
        boolean padToSquare,
        OptionalInt maxLength) {

    private static final int WIDEST = 1 << 16;

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
     */
    static Optional<LlavaConfig> of(ModelFolder folder) throws IOException {
        var base = folder.base();
        var own = folder.model().resolve("config.json");
        if (folder.adapter().isEmpty() || !Files.exists(own)) {
            return takesPictures(base.config())
                    ? Optional.of(read(base.config(), base.configFile()))
                    : Optional.empty();
        }
        var json = Json.readTree(own);
        if (!takesPictures(json)) {
            return Optional.empty();
        }
        var config = read(json, own);
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
        return config.has("mm_vision_tower") || config.has("vision_config");
    }

    /**
     * Reads the original LLaVA-1.5 layout.
     *
     * @param file named in messages
     * @throws MalformedDataException if it is another layout, or asks for a projector, a feature or a padding that is
     *     not computed here
     */
    public static LlavaConfig read(JsonNode json, Path file) throws IOException {
        if (json.has("text_config")) {
            throw new MalformedDataException(
                    file, "is in transformers' llava-hf layout; give a model in the original LLaVA-1.5 layout");
        }
        require(json, "mm_projector_type", "mlp2x_gelu", file);
        require(json, "mm_vision_select_feature", "patch", file);
        require(json, "mm_use_im_start_end", "false", file);
        var aspect = json.path("image_aspect_ratio").asText("square");
        if (!aspect.equals("pad") && !aspect.equals("square")) {
            throw new MalformedDataException(
                    file, "field 'image_aspect_ratio'", "'%s' is not known; pad and square are".formatted(aspect));
        }
        var maxLength = json.path("tokenizer_model_max_length");
        try {
            return new LlavaConfig(
                    LlamaConfig.read(json, file),
                    text(json, "mm_vision_tower", file),
                    json.path("mm_hidden_size").asInt(0),
                    json.path("mm_vision_select_layer").asInt(-2),
                    aspect.equals("pad"),
                    maxLength.isInt() ? OptionalInt.of(maxLength.asInt()) : OptionalInt.empty());
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    /** The same way of putting pictures in, for another decoder. */
    LlavaConfig withLlama(LlamaConfig decoder) {
        return new LlavaConfig(decoder, visionTower, visionWidth, selectLayer, padToSquare, maxLength);
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
