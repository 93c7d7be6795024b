package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaConfigTest {

    private static final Path FILE = Path.of("config.json");

    @Test
    void takesTheDefaultsOfTransformersForAbsentKeys() throws IOException {
        var config = read("{}");

        assertThat(config.hiddenSize()).isEqualTo(4096);
        assertThat(config.layers()).isEqualTo(32);
        assertThat(config.attention()).isEqualTo(new AttentionShape(32, 32, 128));
        assertThat(config.rmsNormEpsilon()).isEqualTo(1e-6);
        assertThat(config.rope()).isEqualTo(new Rope(10_000, new Rope.Scaling.None()));
        assertThat(config.tokens().end()).containsExactly(2);
    }

    @Test
    void readsLlama32() throws IOException {
        var config = read("""
                {"hidden_size":3072,"num_attention_heads":24,"num_key_value_heads":8,"head_dim":128,
                 "vocab_size":128256,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],
                 "tie_word_embeddings":true,"rope_theta":500000.0,"rope_scaling":{"rope_type":"llama3","factor":32.0,
                 "low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}}""");

        assertThat(config.attention()).isEqualTo(new AttentionShape(24, 8, 128));
        assertThat(config.rope()).isEqualTo(new Rope(500_000, new Rope.Scaling.Llama3(32, 1, 4, 8192)));
        assertThat(config.tokens().end()).containsExactly(128001, 128008, 128009);
        assertThat(config.tiedEmbeddings()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hidden_size\":0}",
                "{\"hidden_size\":1000000000}",
                "{\"hidden_size\":\"wide\"}",
                "{\"num_hidden_layers\":-1}",
                "{\"num_attention_heads\":0}",
                "{\"num_key_value_heads\":5}",
                "{\"head_dim\":7}",
                "{\"rms_norm_eps\":0}",
                "{\"eos_token_id\":40000}",
                "{\"hidden_act\":\"gelu\"}",
                "{\"attention_bias\":true}",
                "{\"rope_scaling\":{\"rope_type\":\"yarn\"}}"
            })
    void refusesWhatItCannotBe(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageStartingWith("config.json: ");
    }

    /** transformers computes the frequencies in fp32, we in fp64: they differ in the last bit or two. */
    @Test
    void stretchesFrequenciesAsTransformersDoes() throws IOException {
        try (var llama = TinyLlama.open()) {
            var llama3 = new Rope(500_000, new Rope.Scaling.Llama3(32, 1, 4, 8192)).inverseFrequencies(64);
            var linear = new Rope(500_000, new Rope.Scaling.Linear(4)).inverseFrequencies(64);

            assertThat(Closeness.relativeError(llama3, llama.golden("frequencies.llama3")))
                    .isLessThan(1e-6);
            assertThat(Closeness.relativeError(linear, llama.golden("frequencies.linear")))
                    .isLessThan(1e-6);
        }
    }

    private static LlamaConfig read(String json) throws IOException {
        return LlamaConfig.read(Json.MAPPER.readTree(json), FILE);
    }
}
