package org.eegvlm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.eegvlm.tensor.Llama2cFile;

/** What a llama2.c checkpoint leaves unsaid, because its program fixes it, in the words of transformers' Llama. */
final class Llama2cConfig {

    private Llama2cConfig() {}

    static JsonNode of(Llama2cFile.Header header, boolean tied) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model_type", "llama")
                .put("hidden_size", header.hidden())
                .put("intermediate_size", header.intermediate())
                .put("num_hidden_layers", header.layers())
                .put("num_attention_heads", header.heads())
                .put("num_key_value_heads", header.keyValueHeads())
                .put("vocab_size", header.vocabulary())
                .put("max_position_embeddings", header.positions())
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 10_000.0)
                .put("tie_word_embeddings", tied)
                .put("bos_token_id", 1)
                .put("eos_token_id", 2);
    }
}
