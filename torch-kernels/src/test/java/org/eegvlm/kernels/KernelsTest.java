package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelsTest {

    private NDScope scope;
    private Kernels kernels;

    @BeforeEach
    void open() {
        kernels = Kernels.load(Device.cpu(), KernelsTest.class, "arithmetic.kernels.py");
        scope = new NDScope();
    }

    @AfterEach
    void close() {
        scope.close();
        kernels.close();
    }

    @Test
    void returnsTheResultOfANamedMethod() {
        NDArray x = kernels.manager().create(new float[] {1, 2, 3});

        assertThat(kernels.tensor("square", x).getFloat()).isEqualTo(14);
    }

    @Test
    void computesGradientsInMethodsNamedVjp() {
        NDArray x = kernels.manager().create(new float[] {1, 2, 3});

        var lossAndGradient = kernels.tensors("square_vjp", x);

        assertThat(lossAndGradient.get(1).toFloatArray()).containsExactly(2, 4, 6);
    }

    @Test
    void takesListsAndScalars() {
        NDArray a = kernels.manager().create(new float[] {1, 2});
        NDArray b = kernels.manager().create(new float[] {10, 20});

        var sum = kernels.tensor("sum_all", List.of(a, b), 0.5, 4, true, new long[] {2});

        assertThat(sum.toFloatArray()).containsExactly(22, 44);
    }

    @Test
    void takesAnEmptyList() {
        assertThat(kernels.tensor("sum_all", List.of(), 1.0, 1, false, new long[] {1})
                        .toFloatArray())
                .containsExactly(0);
    }

    @Test
    void leavesNothingBehindWhenAScopeCloses() {
        NDArray x = kernels.manager().create(new float[] {1});
        int before = kernels.manager().getManagedArrays().size();
        try (var inner = new NDScope()) {
            inner.suppressNotUsedWarning();
            kernels.tensors("square_vjp", x);
        }

        assertThat(kernels.manager().getManagedArrays()).hasSize(before);
    }

    @Test
    void castsToBfloat16AndBack() {
        NDArray x = kernels.manager().create(new float[] {1.00390625f, -3});

        var narrow = Tensors.cast(x, DataType.BFLOAT16);

        assertThat(Tensors.floats(narrow)).containsExactly(1.0f, -3f);
    }

    @Test
    void namesAMissingResource() {
        assertThatThrownBy(() -> Kernels.load(Device.cpu(), KernelsTest.class, "none.py"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none.py");
    }
}
