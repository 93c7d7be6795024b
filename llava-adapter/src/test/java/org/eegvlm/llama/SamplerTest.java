package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerTest {

    private static final GenerationOptions WARM = GenerationOptions.greedy(1).withTemperature(1);
    private static final float[] LOGITS = {1, 2, 0.5f, -1, 0};

    /** transformers' warpers compute in float32: a few units in 1e-7 apart. */
    @Tag("reference")
    @ParameterizedTest(name = "{0}")
    @MethodSource("golden")
    void leavesTheProbabilitiesThatTransformersLeaves(Golden golden) {
        var probabilities = Sampler.probabilities(golden.logits, golden.options);

        assertThat(probabilities).containsExactly(golden.probabilities, Offset.offset(1e-6));
    }

    @Test
    void drawsTheSameFromTheSameSeed() {
        var first = new Sampler(WARM, 7);
        var second = new Sampler(WARM, 7);

        assertThat(IntStream.range(0, 50).map(i -> first.draw(LOGITS)))
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .map(i -> second.draw(LOGITS))
                        .boxed()
                        .toList());
    }

    @Test
    void drawsAsOftenAsLikely() {
        var sampler = new Sampler(WARM, 1);
        int draws = 20_000;

        long ones =
                IntStream.range(0, draws).filter(i -> sampler.draw(LOGITS) == 1).count();

        // Five standard deviations of a binomial with p about 0.56.
        assertThat(ones / (double) draws).isCloseTo(Sampler.probabilities(LOGITS, WARM)[1], within(0.018));
    }

    @Test
    void drawsOnlyTheLikeliestOfOne() {
        var sampler = new Sampler(WARM.withTopK(1), 3);

        assertThat(IntStream.range(0, 100).map(i -> sampler.draw(LOGITS))).containsOnly(1);
    }

    @Test
    void staysFiniteNearlyWithoutTemperature() {
        assertThat(Sampler.probabilities(LOGITS, WARM.withTemperature(1e-300))).containsExactly(0, 1, 0, 0, 0);
    }

    @Test
    void refusesOutputThatIsNoNumber() {
        var sampler = new Sampler(WARM, 1);

        assertThatThrownBy(() -> sampler.draw(new float[] {1, Float.NaN}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("NaN");
    }

    static Iterable<Golden> golden() throws IOException {
        return StreamSupport.stream(
                        Json.readTree(TinyLlama.resource("generation.json"))
                                .path("sampling")
                                .spliterator(),
                        false)
                .map(Golden::of)
                .toList();
    }

    private record Golden(GenerationOptions options, float[] logits, double[] probabilities) {

        static Golden of(JsonNode node) {
            var options = WARM.withTemperature(node.path("temperature").asDouble())
                    .withTopK(node.path("top_k").asInt())
                    .withTopP(node.path("top_p").asDouble());
            var values = numbers(node.path("logits"));
            var logits = new float[values.length];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) values[i];
            }
            return new Golden(options, logits, numbers(node.path("probabilities")));
        }

        private static double[] numbers(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false)
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
        }

        @Override
        public String toString() {
            return "temperature %s, top-k %d, top-p %s"
                    .formatted(options.temperature(), options.topK(), options.topP());
        }
    }
}
