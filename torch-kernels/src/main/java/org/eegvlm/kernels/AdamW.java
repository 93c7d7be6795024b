package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019, arXiv:1711.05101) over one group of parameters.
 *
 * <p>Its whole state is {@link #firstMoments()}, {@link #secondMoments()} and {@link #step()}: saved and restored, it
 * goes on as if it had never stopped. Each parameter is updated, and has its moments, on the device where it lies. It owns
 * the moments, not the parameters.
 */
public final class AdamW implements AutoCloseable {

    private final List<NDArray> parameters;
    private final AdamWConfig config;
    private final List<NDArray> firstMoments;
    private final List<NDArray> secondMoments;
    private final List<NDArray> steps;
    private final Map<Device, List<Integer>> places;
    private long step;

    /** @param parameters float32 or float64 tensors, all of one type; changed in place by {@link #update} */
    public AdamW(List<NDArray> parameters, AdamWConfig config) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("no parameter to optimise");
        }
        this.parameters = List.copyOf(parameters);
        this.config = config;
        try (var scope = new NDScope()) { // where memory runs out, what was made goes
            scope.suppressNotUsedWarning();
            firstMoments = parameters.stream().map(AdamW::zerosLike).toList();
            secondMoments = parameters.stream().map(AdamW::zerosLike).toList();
            steps = parameters.stream()
                    .map(p -> zeros(p, new Shape(), DataType.FLOAT32))
                    .toList();
            Stream.of(firstMoments, secondMoments, steps).flatMap(List::stream).forEach(NDScope::unregister);
        }
        places = IntStream.range(0, parameters.size())
                .boxed()
                .collect(Collectors.groupingBy(i -> parameters.get(i).getDevice()));
    }

    /**
     * One step.
     *
     * @param gradients one for each parameter, in the same order and shapes
     */
    public void update(List<NDArray> gradients, double learningRate) {
        places.forEach((device, members) -> Tensors.kernels(device)
                .run(
                        "adamw",
                        of(members, parameters),
                        of(members, gradients),
                        of(members, firstMoments),
                        of(members, secondMoments),
                        of(members, steps),
                        learningRate,
                        config.beta1(),
                        config.beta2(),
                        config.weightDecay(),
                        config.epsilon()));
        step++;
    }

    /** How many steps were taken. */
    public long step() {
        return step;
    }

    /** The running means of the gradients, one for each parameter. */
    public List<NDArray> firstMoments() {
        return firstMoments;
    }

    /** The running means of the squared gradients, one for each parameter. */
    public List<NDArray> secondMoments() {
        return secondMoments;
    }

    /** Takes up a saved state; the values are copied. */
    public void restore(List<float[]> first, List<float[]> second, long savedStep) {
        for (int i = 0; i < parameters.size(); i++) {
            firstMoments.get(i).set(first.get(i));
            secondMoments.get(i).set(second.get(i));
        }
        restoreStep(savedStep);
    }

    /** Takes up a saved number of steps alone; the caller puts the moments that belong to it into their tensors. */
    public void restoreStep(long savedStep) {
        steps.forEach(each -> each.set(new float[] {savedStep}));
        step = savedStep;
    }

    private static List<NDArray> of(List<Integer> members, List<NDArray> tensors) {
        return members.stream().map(tensors::get).toList();
    }

    private static NDArray zerosLike(NDArray parameter) {
        return zeros(parameter, parameter.getShape(), parameter.getDataType());
    }

    private static NDArray zeros(NDArray like, Shape shape, DataType type) {
        return Tensors.kernels(like.getDevice()).manager().zeros(shape, type);
    }

    @Override
    public void close() {
        firstMoments.forEach(NDArray::close);
        secondMoments.forEach(NDArray::close);
        steps.forEach(NDArray::close);
    }
}
