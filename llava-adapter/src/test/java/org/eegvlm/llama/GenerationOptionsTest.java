package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationOptionsTest {

    private static final GenerationOptions GREEDY = GenerationOptions.greedy(8);

    @Test
    void drawsOnlyAtATemperature() {
        assertThat(GREEDY.samples()).isFalse();
        assertThat(GREEDY.withTemperature(0.2).samples()).isTrue();
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatMakesNoSense(Supplier<GenerationOptions> made, String told) {
        assertThatThrownBy(made::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }

    static List<Arguments> refusesWhatMakesNoSense() {
        return List.of(
                refused(() -> GenerationOptions.greedy(0), "maxNewTokens must be positive, was 0"),
                refused(() -> GREEDY.withTemperature(-1), "temperature must be 0 or a positive number, was -1.0"),
                refused(() -> GREEDY.withTemperature(Double.NaN), "was NaN"),
                refused(() -> GREEDY.withTopK(-1), "topK must be 0 (all) or positive, was -1"),
                refused(() -> GREEDY.withTopP(0), "topP must be in (0, 1], was 0.0"),
                refused(() -> GREEDY.withTopP(1.1), "topP must be in (0, 1], was 1.1"),
                refused(() -> GREEDY.withBeams(0), "beams must be positive, was 0"),
                refused(() -> GREEDY.withBeams(4).withTemperature(0.7), "4 beams leave nothing to chance"),
                refused(() -> GREEDY.withStops(List.of("")), "a stop string must not be empty"));
    }

    private static Arguments refused(Supplier<GenerationOptions> made, String told) {
        return Arguments.of(made, told);
    }
}
