package org.eegvlm.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModalityOrderTest {

    private static final List<Integer> LENGTHS =
            IntStream.range(0, 64).mapToObj(i -> 10 + i * 7 % 50).toList();

    static List<JsonNode> cases() throws IOException {
        try (var file = ModalityOrderTest.class.getResourceAsStream("modality_orders.json")) {
            return StreamSupport.stream(
                            Json.MAPPER.readTree(Objects.requireNonNull(file)).spliterator(), false)
                    .toList();
        }
    }

    @Tag("reference")
    @ParameterizedTest
    @MethodSource("cases")
    void isLlavasByItsDefinition(JsonNode wanted) {
        var lengths = integers(wanted.path("lengths"));
        var drawn = wanted.path("permutations").elements();
        var order = new ModalityOrder(
                lengths.stream().map(Math::abs).toList(),
                lengths.stream().map(length -> length > 0).toList(),
                wanted.path("batch").asInt(),
                wanted.path("chunks").asInt(),
                0);

        assertThat(order.of(size -> next(drawn, size))).isEqualTo(integers(wanted.path("order")));
    }

    @Test
    void isDecidedBySeedAndPass() {
        assertThat(order(7).of(3))
                .isEqualTo(order(7).of(3))
                .isNotEqualTo(order(7).of(4))
                .isNotEqualTo(order(8).of(3));
    }

    @Test
    void givesTheBatchesOfAStepAsMuchToCompute() {
        var plan = new BatchPlan(order(7), 4, 2, 1, Optional.empty());

        assertThat(plan.batches(0).stream().map(ModalityOrderTest::length).toList())
                .satisfies(
                        sums -> assertThat(Math.abs(sums.get(0) - sums.get(1))).isLessThan(20));
    }

    private static ModalityOrder order(long seed) {
        return new ModalityOrder(LENGTHS, Collections.nCopies(64, true), 4, 2, seed);
    }

    private static int length(List<Integer> batch) {
        return batch.stream().mapToInt(LENGTHS::get).sum();
    }

    private static List<Integer> next(Iterator<JsonNode> drawn, int size) {
        var permutation = integers(drawn.next());
        assertThat(permutation).hasSize(size);
        return permutation;
    }

    private static List<Integer> integers(JsonNode array) {
        var integers = new ArrayList<Integer>();
        array.forEach(number -> integers.add(number.asInt()));
        return integers;
    }
}
