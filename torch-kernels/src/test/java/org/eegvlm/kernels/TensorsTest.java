package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ai.djl.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorsTest {

    @Test
    void scalesInPlace() {
        var manager = Tensors.kernels(Device.cpu()).manager();
        try (var narrow = manager.create(new float[] {1, -2});
                var wide = manager.create(new double[] {3})) {

            Tensors.scale(List.of(narrow, wide), 0.5);

            assertThat(narrow.toFloatArray()).containsExactly(0.5f, -1);
            assertThat(wide.toDoubleArray()).containsExactly(1.5);
        }
        assertThatCode(() -> Tensors.scale(List.of(), 0.5)).doesNotThrowAnyException();
    }
}
