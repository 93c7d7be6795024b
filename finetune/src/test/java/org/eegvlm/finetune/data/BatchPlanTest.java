package org.eegvlm.finetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.eegvlm.finetune.config.Interval;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

    /** Three batches a pass. */
    private final BatchPlan plan = new BatchPlan(10, 4, 1, 2, 7);

    @Test
    void seesEverySampleOnceInAPass() {
        assertThat(samplesOf(plan, 0, 3)).containsExactlyInAnyOrderElementsOf(range(10));
        assertThat(samplesOf(plan, 3, 6)).containsExactlyInAnyOrderElementsOf(range(10));
    }

    @Test
    void ordersEachPassAnew() {
        assertThat(samplesOf(plan, 0, 3)).isNotEqualTo(samplesOf(plan, 3, 6));
    }

    @Test
    void ordersByTheSeedAlone() {
        assertThat(new BatchPlan(10, 4, 1, 2, 7).batches(4)).isEqualTo(plan.batches(4));
        assertThat(new BatchPlan(10, 4, 1, 2, 8).batches(4)).isNotEqualTo(plan.batches(4));
    }

    @Test
    void countsStepsAsLlavaDoes() {
        assertThat(plan.steps()).isEqualTo(6);
        // 7 batches a pass make 2 steps of 3, the seventh goes into the next pass's first step
        assertThat(new BatchPlan(7, 1, 3, 2, 0).steps()).isEqualTo(4);
        assertThat(new BatchPlan(2, 4, 8, 3, 0).steps()).isEqualTo(3);
        assertThat(new BatchPlan(10, 4, 1, 0.5, 0).steps()).isEqualTo(2);
    }

    @Test
    void takesABatchThatIsLargerThanTheData() {
        assertThat(new BatchPlan(10, Integer.MAX_VALUE, 1, 2, 0).batches(1).get(0))
                .containsExactlyInAnyOrderElementsOf(range(10));
    }

    @Test
    void fillsAStepWithSeveralBatches() {
        assertThat(new BatchPlan(10, 4, 2, 1, 7).batches(0)).isEqualTo(List.of(batch(0), batch(1)));
    }

    @Test
    void endsAnIntervalAfterEveryFewSteps() {
        assertThat(ends(Interval.ofSteps(4))).containsExactly(3, 7);
    }

    @Test
    void endsAnIntervalWithEveryPass() {
        assertThat(ends(Interval.PASS)).containsExactly(2, 5, 8);
    }

    @Test
    void endsNoIntervalThatNeverEnds() {
        assertThat(ends(Interval.NEVER)).isEmpty();
    }

    private int[] ends(Interval interval) {
        return LongStream.range(0, 9)
                .filter(step -> plan.ends(interval, step))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private List<Integer> batch(long step) {
        return plan.batches(step).get(0);
    }

    private static List<Integer> samplesOf(BatchPlan plan, long from, long to) {
        return LongStream.range(from, to)
                .boxed()
                .flatMap(step -> plan.batches(step).stream())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
