package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingBatchTest {

    @Test
    void isSharedEvenly() {
        assertThat(samples(List.of(5, 6, 7, 8), 2)).containsExactly(List.of(5, 6), List.of(7, 8));
        assertThat(samples(List.of(5, 6, 7, 8), 3)).containsExactly(List.of(5, 6), List.of(7), List.of(8));
        assertThat(samples(List.of(5), 3)).containsExactly(List.of(5), List.of(), List.of());
    }

    @Test
    void staysAsItIsForOne() {
        var batch = new TrainingBatch(List.of(1, 2), 7);

        assertThat(batch.shares(1)).containsExactly(batch);
    }

    @Test
    void dropsAnotherWayInEveryShare() {
        var shares = new TrainingBatch(List.of(1, 2, 3), 7).shares(3);

        assertThat(shares.stream().map(TrainingBatch::seed)).doesNotHaveDuplicates();
        assertThat(new TrainingBatch(List.of(1, 2, 3), 7).shares(3)).isEqualTo(shares);
    }

    private static List<List<Integer>> samples(List<Integer> samples, int replicas) {
        return new TrainingBatch(samples, 7)
                .shares(replicas).stream().map(TrainingBatch::samples).toList();
    }
}
