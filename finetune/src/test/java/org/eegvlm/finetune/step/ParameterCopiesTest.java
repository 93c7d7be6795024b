package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParameterCopiesTest {

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void sharesTheNumbersAmongTheReplicas() {
        var replicas = List.of(tensors(1), tensors(2));

        var owned = new ParameterCopies(replicas).owned();

        assertThat(values(owned)).containsExactly(1f, 1f, 1f, 2f);
        assertThat(owned.get(3)).isSameAs(replicas.get(1).get(3));
    }

    @Test
    void sumsUpGradientsBesideTheOwnersParameters() {
        var copies = new ParameterCopies(List.of(tensors(0), tensors(0)));
        var gradients = List.of(tensors(3), tensors(4));

        var sums = copies.summed(gradients);

        assertThat(values(sums)).containsExactly(7f, 7f, 7f, 7f);
        assertThat(sums.get(0)).isSameAs(gradients.get(0).get(0));
        assertThat(sums.get(3)).isSameAs(gradients.get(1).get(3));
    }

    @Test
    void sumsUpWhereAReplicaHadNothingToDo() {
        var copies = new ParameterCopies(List.of(tensors(0), tensors(0)));

        assertThat(values(copies.summed(List.of(tensors(3), List.of())))).containsExactly(3f, 3f, 3f, 3f);
    }

    @Test
    void keepsNothingWhereSumsFail() {
        var copies = new ParameterCopies(List.of(tensors(0), tensors(0)));
        var gradients = List.of(
                tensors(3),
                List.of(
                        manager.ones(new Shape(5)),
                        tensors(4).get(1),
                        tensors(4).get(2),
                        tensors(4).get(3)));

        assertThatThrownBy(() -> copies.summed(gradients)).isInstanceOf(RuntimeException.class);

        assertThat(gradients).allSatisfy(each -> assertThat(each).allMatch(NDArray::isReleased));
    }

    @Test
    void givesEveryReplicaTheOwnersValues() {
        var replicas = List.of(tensors(1), tensors(2));

        new ParameterCopies(replicas).handRound();

        assertThat(values(replicas.get(0))).containsExactly(1f, 1f, 1f, 2f);
        assertThat(values(replicas.get(1))).containsExactly(1f, 1f, 1f, 2f);
    }

    /** Of 2, 2, 2 and 6 numbers. */
    private List<NDArray> tensors(float value) {
        return IntStream.of(2, 2, 2, 6)
                .mapToObj(size -> manager.full(new Shape(size), value))
                .toList();
    }

    private static List<Float> values(List<NDArray> tensors) {
        return tensors.stream().map(tensor -> tensor.toFloatArray()[0]).toList();
    }
}
