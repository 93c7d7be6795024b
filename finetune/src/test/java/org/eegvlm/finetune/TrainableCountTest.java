package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.io.Json;
import org.eegvlm.llama.LlamaConfig;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.LlavaConfig;
import org.eegvlm.llava.ModelOutline;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainableCountTest {

    /** PEFT's counts at rank 128. */
    @ParameterizedTest
    @CsvSource({"5120, 13824, 40, 40, 500695040", "4096, 11008, 32, 32, 319815680"})
    void isThatOfPeftForThePublishedModels(int hidden, int intermediate, int layers, int heads, long lora)
            throws IOException {
        var model = outline(hidden, intermediate, layers, heads);

        var count = TrainableCount.of(LoraConfig.DEFAULT, model);

        assertThat(count.lora()).isEqualTo(lora);
        assertThat(count.projector()).isEqualTo(1025L * hidden + (hidden + 1L) * hidden);
    }

    private static ModelOutline outline(int hidden, int intermediate, int layers, int heads) throws IOException {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("vocab_size", 32000)
                .put("hidden_size", hidden)
                .put("intermediate_size", intermediate)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("mm_hidden_size", 1024)
                .put("mm_vision_tower", "openai/clip-vit-large-patch14-336");
        var file = Path.of("config.json");
        return new ModelOutline(LlamaConfig.read(json, file), Optional.of(LlavaConfig.read(json, file)), 576, 0);
    }
}
