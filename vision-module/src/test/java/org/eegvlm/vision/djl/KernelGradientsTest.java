package org.eegvlm.vision.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.SplittableRandom;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.vision.engine.NetworkConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every weight's gradient against central differences, in double precision, along a direction drawn at random. */
class KernelGradientsTest {

    private static final int SIDE = 32;
    private static final Shape PICTURES = new Shape(2, 3, SIDE, SIDE);
    /** ReLUs and the pool bend the sum, now and then within the step; all else is smooth. */
    private static final double STEP = 1e-6;

    private final SplittableRandom random = new SplittableRandom(1);

    static List<NetworkConfig> networks() {
        return List.of(
                NetworkConfig.of("resnet18", List.of(4, 6, 8), List.of(2, 1, 1), SIDE),
                NetworkConfig.of("convnext_tiny", List.of(4, 6), List.of(2, 1), SIDE),
                NetworkConfig.of("vit_small", List.of(128), List.of(1), SIDE),
                NetworkConfig.of("vim_tiny", List.of(16), List.of(1), SIDE));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void areTheSlopesThatFiniteDifferencesTell(NetworkConfig network) {
        try (var manager = NDManager.newBaseManager(TorchDevice.of("cpu"), "PyTorch");
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var block = Backbone.named(network.architecture()).block(network);
            block.initialize(manager, DataType.FLOAT64, PICTURES);
            var named = TorchNames.of(block);
            named.values().forEach(weight -> weight.getArray().set(draw(weight.getArray(), 0.3)));
            var trained = named.entrySet().stream()
                    .filter(weight -> weight.getValue().requiresGradient())
                    .toList();
            var weights =
                    trained.stream().map(weight -> weight.getValue().getArray()).toList();
            var pictures = manager.create(draw(PICTURES.size(), 1), PICTURES);
            var mix = manager.create(draw(2L * network.width(), 1), new Shape(2, network.width()));
            var gradients = gradients(block, pictures, mix, weights);
            for (int i = 0; i < weights.size(); i++) {
                var direction = draw(weights.get(i), 1);
                double wanted = product(gradients.get(i).toDoubleArray(), direction);

                double slope = slope(block, pictures, mix, weights.get(i), direction);

                assertThat(slope).as(trained.get(i).getKey()).isCloseTo(wanted, within(1e-6 * Math.abs(wanted) + 1e-7));
            }
        }
    }

    private static List<NDArray> gradients(Block block, NDArray pictures, NDArray mix, List<NDArray> weights) {
        try (var recording = Engine.getEngine("PyTorch").newGradientCollector()) {
            weights.forEach(weight -> weight.setRequiresGradient(true));
            return Tensors.gradients(sum(block, pictures, mix), weights);
        } finally {
            weights.forEach(weight -> weight.setRequiresGradient(false));
        }
    }

    private static double slope(Block block, NDArray pictures, NDArray mix, NDArray weight, double[] direction) {
        var before = weight.toDoubleArray();
        weight.set(moved(before, direction, STEP));
        double above = sum(block, pictures, mix).getDouble();
        weight.set(moved(before, direction, -STEP));
        double below = sum(block, pictures, mix).getDouble();
        weight.set(before);
        return (above - below) / (2 * STEP);
    }

    /** Of all outputs, mixed: one number whose slope hangs on every one of them. */
    private static NDArray sum(Block block, NDArray pictures, NDArray mix) {
        var store = new ParameterStore(pictures.getManager(), false);
        return block.forward(store, new NDList(pictures), true)
                .singletonOrThrow()
                .mul(mix)
                .sum();
    }

    private static double[] moved(double[] values, double[] direction, double step) {
        var moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * direction[i];
        }
        return moved;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private double[] draw(NDArray like, double scale) {
        return draw(like.size(), scale);
    }

    private double[] draw(long count, double scale) {
        return random.doubles(count, -scale, scale).toArray();
    }
}
