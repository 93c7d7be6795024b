package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyLayoutTest {

    private static final String TOWER = "model.vision_tower.vision_tower.vision_model.";

    static Stream<KeyLayout> layouts() {
        return Stream.of(KeyLayout.ORIGINAL, KeyLayout.HF, KeyLayout.HF_NEW);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void leadsBackToTheNameItCameFrom(KeyLayout layout) {
        assertThat(List.of(
                        "model.embed_tokens.weight",
                        "model.layers.11.self_attn.q_proj.weight.absmax",
                        "lm_head.weight",
                        "model.mm_projector.0.weight",
                        "model.mm_projector.2.bias",
                        TOWER + "encoder.layers.3.mlp.fc1.bias"))
                .allSatisfy(name ->
                        assertThat(layout.toOriginal(layout.fromOriginal(name))).isEqualTo(name));
    }

    @ParameterizedTest
    @CsvSource({
        "language_model.model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
        "language_model.lm_head.weight, lm_head.weight",
        "multi_modal_projector.linear_1.weight, model.mm_projector.0.weight",
        "multi_modal_projector.linear_2.bias, model.mm_projector.2.bias",
        "vision_tower.vision_model.pre_layrnorm.bias, " + TOWER + "pre_layrnorm.bias"
    })
    void knowsWhatTheHubCallsThem(String there, String original) {
        assertThat(KeyLayout.of(List.of(there, "language_model.model.norm.weight"))
                        .toOriginal(there))
                .isEqualTo(original);
        assertThat(KeyLayout.HF.fromOriginal(original)).isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource({
        "model.language_model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
        "lm_head.weight, lm_head.weight",
        "model.multi_modal_projector.linear_1.weight, model.mm_projector.0.weight",
        "model.multi_modal_projector.linear_2.bias, model.mm_projector.2.bias",
        "model.vision_tower.vision_model.pre_layrnorm.bias, " + TOWER + "pre_layrnorm.bias"
    })
    void knowsWhatTransformers452CallsThem(String there, String original) {
        assertThat(KeyLayout.of(List.of(there, "model.language_model.norm.weight"))
                        .toOriginal(there))
                .isEqualTo(original);
        assertThat(KeyLayout.HF_NEW.fromOriginal(original)).isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource({"vision_model.", "''", "model.vision_tower.", "model.vision_tower.vision_tower.", "vision_tower.", TOWER
    })
    void findsTheTowerByWhatIsInIt(String before) {
        var names = List.of(before + "embeddings.class_embedding", before + "encoder.layers.0.mlp.fc1.weight");

        assertThat(KeyLayout.of(names).toOriginal(names.get(1))).isEqualTo(TOWER + "encoder.layers.0.mlp.fc1.weight");
    }

    @Test
    void leavesAPlainLlamaAsItIs() {
        var names = List.of("model.embed_tokens.weight", "lm_head.weight");

        assertThat(KeyLayout.of(names)).isSameAs(KeyLayout.ORIGINAL);
        assertThat(KeyLayout.ORIGINAL.toOriginal("model.embed_tokens.weight")).isEqualTo("model.embed_tokens.weight");
    }
}
