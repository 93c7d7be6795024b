package org.eegvlm.llava.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eegvlm.core.io.Json;
import org.eegvlm.llava.ClipConfig;
import org.eegvlm.llava.LlavaConfig;

/**
 * The {@code config.json} of the original LLaVA-1.5, which is flat, and that of transformers' {@code
 * LlavaForConditionalGeneration}, which has a {@code text_config} and a {@code vision_config}, each from the other.
 */
final class ConfigTranslation {

    /** What both layouts say of the decoder, by the same keys and with the same defaults. */
    private static final List<String> DECODER = List.of(
            "attention_bias",
            "attention_dropout",
            "bos_token_id",
            "eos_token_id",
            "head_dim",
            "hidden_act",
            "hidden_size",
            "initializer_range",
            "intermediate_size",
            "max_position_embeddings",
            "mlp_bias",
            "num_attention_heads",
            "num_hidden_layers",
            "num_key_value_heads",
            "pretraining_tp",
            "rms_norm_eps",
            "rope_parameters",
            "rope_scaling",
            "rope_theta",
            "tie_word_embeddings",
            "use_cache",
            "vocab_size");

    /** What transformers does not look at, and would be lost: where training cut its sequences. */
    private static final List<String> KEPT = List.of("tokenizer_model_max_length");

    private ConfigTranslation() {}

    /** @param flat as the original LLaVA-1.5 has it */
    static ObjectNode toHf(JsonNode flat, LlavaConfig config, ClipConfig tower, PictureTokens tokens) {
        var text = Json.MAPPER.createObjectNode();
        text.putArray("architectures").add("LlamaForCausalLM");
        text.put("model_type", "llama");
        copy(DECODER, flat, text);
        text.put("vocab_size", tokens.rows());
        var json = Json.MAPPER.createObjectNode();
        json.putArray("architectures").add("LlavaForConditionalGeneration");
        json.put("model_type", "llava");
        json.put("ignore_index", -100);
        json.put("image_seq_length", tower.patches());
        json.put("image_token_index", tokens.image());
        json.put("multimodal_projector_bias", true);
        json.put("pad_token_id", tokens.padding());
        json.put("projector_hidden_act", "gelu");
        json.set("text_config", text);
        json.put("tie_word_embeddings", config.llama().tiedEmbeddings());
        json.set("vision_config", PictureFiles.tower(tower));
        json.put("vision_feature_layer", config.selectLayer());
        json.put("vision_feature_select_strategy", "default");
        copy(KEPT, flat, json);
        return json;
    }

    /**
     * What a plain Llama, an original LLaVA or transformers says of the decoder, and how {@code config} puts pictures in.
     *
     * @param given of the base
     */
    static ObjectNode toOriginal(JsonNode given, LlavaConfig config) {
        var json = Json.MAPPER.createObjectNode();
        if (given.has("text_config")) {
            copy(DECODER, given.path("text_config"), json);
            json.put("pad_token_id", 0);
        } else {
            given.properties().forEach(entry -> json.set(entry.getKey(), entry.getValue()));
        }
        json.putArray("architectures").add("LlavaLlamaForCausalLM");
        json.put("model_type", "llava_llama");
        json.put("image_aspect_ratio", config.padToSquare() ? "pad" : "square");
        json.put("mm_hidden_size", config.visionWidth());
        json.put("mm_projector_type", "mlp2x_gelu");
        json.put("mm_use_im_patch_token", false);
        json.put("mm_use_im_start_end", false);
        json.put("mm_vision_select_feature", "patch");
        json.put("mm_vision_select_layer", config.selectLayer());
        json.put("use_mm_proj", true);
        config.maxLength().ifPresent(length -> json.put("tokenizer_model_max_length", length));
        return json;
    }

    private static void copy(List<String> keys, JsonNode from, ObjectNode to) {
        for (var key : keys) {
            if (from.has(key)) {
                to.set(key, from.get(key));
            }
        }
    }
}
