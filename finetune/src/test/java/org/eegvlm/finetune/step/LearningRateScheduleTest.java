package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateScheduleTest {

    private static final int STEPS = 37;

    private final LearningRateSchedule schedule = LearningRateSchedule.of(ScheduleConfig.DEFAULT, 100);

    static List<JsonNode> cases() throws IOException {
        try (var file = LearningRateScheduleTest.class.getResourceAsStream("schedules.json")) {
            return StreamSupport.stream(
                            Json.MAPPER
                                    .readTree(Objects.requireNonNull(file))
                                    .path("cases")
                                    .spliterator(),
                            false)
                    .toList();
        }
    }

    /** A unit in the last place may go with the order of Python's and our operations. */
    @Tag("reference")
    @ParameterizedTest
    @MethodSource("cases")
    void isThatOfTransformersAtEveryStep(JsonNode wanted) {
        var settings = new ScheduleConfig(
                Decay.named(wanted.path("kind").asText()),
                wanted.path("ratio").asDouble(),
                wanted.path("warmup").asInt());
        var expected = new ArrayList<Double>();
        wanted.path("factors").forEach(factor -> expected.add(factor.asDouble()));

        var made = LearningRateSchedule.of(settings, STEPS);

        assertThat(LongStream.range(0, STEPS).mapToObj(made::factor))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-15 ? 0 : Double.compare(a, b))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void warmsUpFromZeroOverTheGivenShareOfTheSteps() {
        assertThat(schedule.warmupSteps()).isEqualTo(3);
        assertThat(schedule.factor(0)).isZero();
        assertThat(schedule.factor(1)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(schedule.factor(3)).isEqualTo(1);
    }

    @Test
    void refusesADecayItDoesNotKnow() {
        assertThatThrownBy(() -> Decay.named("polynomial"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("polynomial")
                .hasMessageContaining("constant_with_warmup");
    }
}
