package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IntervalTest {

    /** Three batches a pass. */
    private final BatchPlan plan = new BatchPlan(10, 4, 1, 2, 7);

    @Test
    void endsAfterEveryFewSteps() {
        assertThat(ends(Interval.ofSteps(4))).containsExactly(3, 7);
    }

    @Test
    void endsWithEveryPass() {
        assertThat(ends(Interval.PASS)).containsExactly(2, 5, 8);
    }

    @Test
    void neverEnds() {
        assertThat(ends(Interval.NEVER)).isEmpty();
    }

    @Test
    void refusesAnIntervalOfNoSteps() {
        assertThatThrownBy(() -> Interval.ofSteps(0)).hasMessageContaining("positive number, was 0");
    }

    private int[] ends(Interval interval) {
        return LongStream.range(0, 9)
                .filter(step -> interval.endsWith(step, plan))
                .mapToInt(Math::toIntExact)
                .toArray();
    }
}
