package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The keys of a Llama {@code config.json}. Throws {@link IllegalArgumentException}, whose message names the key. */
final class LlamaConfigJson {

    private static final List<String> FAMILIES = List.of("llama", "llava", "llava_llama");

    private LlamaConfigJson() {}

    static LlamaConfig parse(JsonNode json) {
        refuseWhatIsNotComputed(json);
        int hidden = integer(json, "hidden_size", 4096);
        int heads = integer(json, "num_attention_heads", 32);
        require(heads > 0, "num_attention_heads must be positive, was " + heads);
        int vocabulary = integer(json, "vocab_size", 32000);
        var attention = new AttentionShape(
                heads, integer(json, "num_key_value_heads", heads), integer(json, "head_dim", hidden / heads));
        return new LlamaConfig(
                vocabulary,
                hidden,
                integer(json, "intermediate_size", 11008),
                integer(json, "num_hidden_layers", 32),
                attention,
                number(json, "rms_norm_eps", 1e-6),
                rope(json),
                integer(json, "max_position_embeddings", 2048),
                json.path("tie_word_embeddings").asBoolean(false),
                tokens(json, vocabulary));
    }

    /** Other families name their tensors alike and compute something else. */
    private static void refuseWhatIsNotComputed(JsonNode json) {
        var family = json.path("model_type").asText("llama");
        require(FAMILIES.contains(family), "model_type '%s' is not known; known are %s".formatted(family, FAMILIES));
        var activation = json.path("hidden_act").asText("silu");
        require(activation.equals("silu"), "hidden_act '%s' is not known; only silu is".formatted(activation));
        for (var bias : List.of("attention_bias", "mlp_bias")) {
            require(!json.path(bias).asBoolean(false), bias + " true is not supported");
        }
    }

    private static Rope rope(JsonNode json) {
        var parameters = json.path("rope_parameters");
        var scaling = parameters.isObject() ? parameters : json.path("rope_scaling");
        double theta = number(json, "rope_theta", number(parameters, "rope_theta", 10_000));
        var type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        return new Rope(
                theta,
                switch (type) {
                    case "default" -> new Rope.Scaling.None();
                    case "linear" -> new Rope.Scaling.Linear(number(scaling, "factor", 1));
                    case "llama3" ->
                        new Rope.Scaling.Llama3(
                                number(scaling, "factor", 8),
                                number(scaling, "low_freq_factor", 1),
                                number(scaling, "high_freq_factor", 4),
                                number(scaling, "original_max_position_embeddings", 8192));
                    default -> throw new IllegalArgumentException("rope scaling '%s' is not known".formatted(type));
                });
    }

    private static SpecialTokens tokens(JsonNode json, int vocabulary) {
        var end = end(json, vocabulary);
        int begin = integer(json, "bos_token_id", 1);
        require(begin < vocabulary, "bos_token_id is outside the vocabulary of " + vocabulary);
        return new SpecialTokens(begin, end, integer(json, "pad_token_id", 0));
    }

    /** The tokens that end an answer: one, or a list. */
    static List<Integer> end(JsonNode json, int vocabulary) {
        var end = new ArrayList<Integer>();
        var node = json.path("eos_token_id");
        if (node.isArray()) {
            for (var id : node) {
                require(id.isInt(), "eos_token_id must be whole numbers, was " + node);
                end.add(id.intValue());
            }
        } else {
            end.add(integer(json, "eos_token_id", 2));
        }
        require(!end.isEmpty(), "eos_token_id names no token");
        require(
                end.stream().allMatch(id -> 0 <= id && id < vocabulary),
                "eos_token_id is outside the vocabulary of " + vocabulary);
        return end;
    }

    private static int integer(JsonNode json, String key, int absent) {
        var node = json.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        require(node.isInt(), "%s must be a whole number, was %s".formatted(key, node));
        return node.intValue();
    }

    private static double number(JsonNode json, String key, double absent) {
        var node = json.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        require(node.isNumber(), "%s must be a number, was %s".formatted(key, node));
        return node.doubleValue();
    }
}
