package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDScope;
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

    @Test
    void givesGradientsWithoutAddingThemUp() {
        var manager = Tensors.kernels(Device.cpu()).manager();
        try (var scope = new NDScope();
                var recording = Engine.getEngine(TorchDevice.ENGINE).newGradientCollector()) {
            scope.suppressNotUsedWarning();
            var x = manager.create(new float[] {1, -2});
            var unused = manager.create(new float[] {5});
            x.setRequiresGradient(true);
            unused.setRequiresGradient(true);

            for (int time = 0; time < 2; time++) {
                var gradients = Tensors.gradients(x.mul(x).sum(), List.of(x, unused));

                assertThat(gradients.get(0).toFloatArray()).containsExactly(2, -4);
                assertThat(gradients.get(1).toFloatArray()).containsExactly(0);
            }
        }
    }
}
