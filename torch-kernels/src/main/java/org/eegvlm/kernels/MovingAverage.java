package org.eegvlm.kernels;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;

/**
 * The exponential moving average of parameters: after each step {@code average = d · average + (1 − d) · parameter}, where
 * d is the decay, but at most {@code (1 + n) / (10 + n)} at step n, so that the start is soon forgotten. It owns the
 * averages, not the parameters.
 */
public final class MovingAverage implements AutoCloseable {

    private final List<NDArray> parameters;
    private final double decay;
    private final List<NDArray> averages;

    /** Starts from the parameters as they are. */
    public MovingAverage(List<NDArray> parameters, double decay) {
        if (!(0 < decay && decay < 1)) {
            throw new IllegalArgumentException("the decay of an average must be in (0, 1), was " + decay);
        }
        this.parameters = List.copyOf(parameters);
        this.decay = decay;
        averages = parameters.stream()
                .map(parameter -> {
                    var copy = Tensors.cast(parameter, parameter.getDataType());
                    NDScope.unregister(copy);
                    return copy;
                })
                .toList();
    }

    /** @param step how many steps the parameters have taken */
    public void update(long step) {
        kernels().run("average", averages, parameters, share(decay, step));
    }

    /** How far the average goes towards a parameter after so many steps, 1 − d. */
    public static double share(double decay, long step) {
        return 1 - Math.min(decay, (1.0 + step) / (10.0 + step));
    }

    /** Puts the averages where the parameters are, and back when called again. */
    public void swap() {
        kernels().run("swap", averages, parameters);
    }

    /** One for each parameter. */
    public List<NDArray> values() {
        return averages;
    }

    private Kernels kernels() {
        return Tensors.kernels(parameters.get(0).getDevice());
    }

    @Override
    public void close() {
        averages.forEach(NDArray::close);
    }
}
