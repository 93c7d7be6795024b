package org.eegvlm.llava;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;

/**
 * The shape of a CLIP vision tower.
 *
 * @param width of the hidden states
 * @param imageSize of the square picture, in pixels
 * @param patchSize of a square patch, in pixels
 * @param quickGelu x · σ(1.702 x) where true, exact GELU where false
 */
public record ClipConfig(
        int width,
        int intermediate,
        int layers,
        int heads,
        int imageSize,
        int patchSize,
        double layerNormEps,
        boolean quickGelu) {

    /** CLIP ViT-L/14 at 336 pixels: LLaVA-1.5's tower. */
    static final ClipConfig VIT_L_14_336 = new ClipConfig(1024, 4096, 24, 16, 336, 14, 1e-5, true);

    private static final int WIDEST = 1 << 16;
    private static final int MOST_LAYERS = 1024;
    private static final int LARGEST_IMAGE = 4096;

    public ClipConfig {
        requireIn("hidden_size", width, WIDEST);
        requireIn("intermediate_size", intermediate, WIDEST);
        requireIn("num_hidden_layers", layers, MOST_LAYERS);
        requireIn("num_attention_heads", heads, WIDEST);
        requireIn("image_size", imageSize, LARGEST_IMAGE);
        requireIn("patch_size", patchSize, LARGEST_IMAGE);
        if (width % heads != 0 || imageSize % patchSize != 0) {
            throw new IllegalArgumentException("width %d must divide by %d heads, picture size %d by patch size %d"
                    .formatted(width, heads, imageSize, patchSize));
        }
    }

    /** Reads a CLIP or CLIP vision {@code config.json}; absent keys mean transformers' defaults. */
    static ClipConfig read(JsonNode root, Path file) throws IOException {
        var json = root.has("vision_config") ? root.get("vision_config") : root;
        if (json.isNull()) {
            return VIT_L_14_336; // as transformers' LLaVA takes it
        }
        var kind = json.path("model_type").asText("clip_vision_model");
        if (!kind.equals("clip_vision_model") && !kind.equals("clip")) {
            throw new MalformedDataException(
                    file, "field 'model_type'", "a vision tower of type '" + kind + "' is not known; CLIP's is");
        }
        var activation = json.path("hidden_act").asText("quick_gelu");
        if (!activation.equals("quick_gelu") && !activation.equals("gelu")) {
            throw new MalformedDataException(
                    file, "field 'hidden_act'", "unknown activation '" + activation + "'; known are quick_gelu, gelu");
        }
        try {
            return new ClipConfig(
                    json.path("hidden_size").asInt(768),
                    json.path("intermediate_size").asInt(3072),
                    json.path("num_hidden_layers").asInt(12),
                    json.path("num_attention_heads").asInt(12),
                    json.path("image_size").asInt(224),
                    json.path("patch_size").asInt(32),
                    json.path("layer_norm_eps").asDouble(1e-5),
                    activation.equals("quick_gelu"));
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    private static void requireIn(String key, int value, int largest) {
        if (value < 1 || value > largest) {
            throw new IllegalArgumentException("%s must be in 1..%d, was %d".formatted(key, largest, value));
        }
    }

    /** How many patches a picture has, the class token not counted. */
    public int patches() {
        return (imageSize / patchSize) * (imageSize / patchSize);
    }
}
