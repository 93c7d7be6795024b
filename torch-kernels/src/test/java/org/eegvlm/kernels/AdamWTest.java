package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdamWTest {

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void firstStepMovesEveryParameterByTheLearningRateAgainstItsGradient() {
        // With bias correction the first step is lr · sign(g), whatever the gradient's size.
        NDArray p = manager.create(new float[] {1, 1});
        NDArray g = manager.create(new float[] {0.5f, -100});
        try (var adam = new AdamW(List.of(p), AdamWConfig.DEFAULT)) {
            adam.update(List.of(g), 0.1);
        }

        assertThat(p.toFloatArray()[0]).isCloseTo(0.9f, within(1e-6f));
        assertThat(p.toFloatArray()[1]).isCloseTo(1.1f, within(1e-6f));
    }

    @Test
    void decaysWeightsApartFromTheGradient() {
        NDArray p = manager.create(new float[] {2});
        NDArray g = manager.create(new float[] {0});
        try (var adam = new AdamW(List.of(p), AdamWConfig.DEFAULT.withWeightDecay(0.5))) {
            adam.update(List.of(g), 0.1);
        }

        assertThat(p.toFloatArray()[0]).isCloseTo(1.9f, within(1e-6f));
    }

    @Test
    void goesOnFromASavedStateAsIfItHadNeverStopped() {
        NDArray whole = manager.create(new float[] {1, 2});
        NDArray resumed = manager.create(new float[] {1, 2});
        NDArray g = manager.create(new float[] {0.3f, -0.7f});
        try (var scope = new NDScope();
                var one = new AdamW(List.of(whole), AdamWConfig.DEFAULT);
                var first = new AdamW(List.of(resumed), AdamWConfig.DEFAULT);
                var second = new AdamW(List.of(resumed), AdamWConfig.DEFAULT)) {
            scope.suppressNotUsedWarning();
            one.update(List.of(g), 0.1);
            one.update(List.of(g), 0.1);
            first.update(List.of(g), 0.1);
            second.restore(
                    List.of(first.firstMoments().get(0).toFloatArray()),
                    List.of(first.secondMoments().get(0).toFloatArray()),
                    first.step());
            second.update(List.of(g), 0.1);
        }

        assertThat(resumed.toFloatArray()).containsExactly(whole.toFloatArray());
    }

    @Test
    void leavesNothingBehindWhenItClips() {
        NDArray gradient = manager.create(new float[] {3, 4});
        var own = Tensors.kernels(Device.cpu()).manager();
        int before = own.getManagedArrays().size();

        Tensors.clip(List.of(gradient), 1);

        assertThat(own.getManagedArrays()).hasSize(before);
    }

    @Test
    void clipsTheJointNorm() {
        NDArray a = manager.create(new float[] {3});
        NDArray b = manager.create(new float[] {4});

        double norm = Tensors.clip(List.of(a, b), 1);

        assertThat(norm).isCloseTo(5, within(1e-6));
        assertThat(a.toFloatArray()[0]).isCloseTo(0.6f, within(1e-5f));
        assertThat(b.toFloatArray()[0]).isCloseTo(0.8f, within(1e-5f));
    }

    @Test
    void leavesNothingBehindWhereMemoryRunsOut() {
        var owner = Tensors.kernels(Device.cpu()).manager();
        NDArray small = manager.create(new float[] {1});
        NDArray tooLarge = small.broadcast(1L << 60); // takes no memory itself
        int before = owner.getManagedArrays().size();

        assertThatThrownBy(() -> new AdamW(List.of(small, tooLarge), AdamWConfig.DEFAULT))
                .isInstanceOf(EngineException.class);

        assertThat(owner.getManagedArrays()).hasSize(before);
    }
}
