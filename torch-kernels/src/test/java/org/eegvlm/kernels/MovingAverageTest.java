package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovingAverageTest {

    @Test
    void followsTheParametersAndChangesPlacesWithThem() {
        var manager = Tensors.kernels(Device.cpu()).manager();
        try (var parameter = manager.create(new float[] {1, 2});
                var average = new MovingAverage(List.of(parameter), 0.5)) {
            parameter.set(new float[] {3, 6});
            average.update(100);

            average.swap();

            assertThat(parameter.toFloatArray()).containsExactly(new float[] {2, 4}, within(1e-6f));
            assertThat(average.values().get(0).toFloatArray()).containsExactly(3, 6);
        }
    }

    @Test
    void forgetsTheStartSoon() {
        var manager = Tensors.kernels(Device.cpu()).manager();
        try (var parameter = manager.create(new float[] {0});
                var average = new MovingAverage(List.of(parameter), 0.999)) {
            parameter.set(new float[] {11});

            average.update(1); // 2 of 11 parts of the old

            assertThat(average.values().get(0).toFloatArray()).containsExactly(new float[] {9}, within(1e-5f));
        }
    }

    @Test
    void refusesADecayThatIsNone() {
        assertThatThrownBy(() -> new MovingAverage(List.of(), 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
