package org.eegvlm.vision.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.FirstWeights;
import org.eegvlm.vision.LearnerState;
import org.eegvlm.vision.NetworkConfig;
import org.eegvlm.vision.StageEncoder;

/** A backbone with its head and its weights: pictures [N, 3, S, S] to features [N, 1024] and logits [N, 5]. */
final class StageNetwork implements StageEncoder {

    private final NetworkConfig network;
    private final NDManager manager;
    private final StageBlock block;
    private final Map<String, Parameter> parameters;

    private StageNetwork(NetworkConfig network, String device) {
        this.network = network;
        manager = NDManager.newBaseManager(TorchDevice.of(device), "PyTorch");
        try {
            block = new StageBlock(network);
            block.initialize(
                    manager,
                    DataType.FLOAT32,
                    new Shape(1, network.channels(), network.inputSize(), network.inputSize()));
            parameters = TorchNames.of(block);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** A network that has learnt nothing; the same seed gives the same weights. */
    static StageNetwork fresh(NetworkConfig network, long seed, String device) {
        var fresh = new StageNetwork(network, device);
        try {
            var backbone = Backbone.named(network.architecture());
            var arrays = fresh.arrays();
            FirstWeights.draw(
                    shapes(arrays),
                    (name, shape, random) -> backbone.firstValues(name, new Shape(shape), random),
                    seed,
                    (name, values) -> Objects.requireNonNull(arrays.get(name)).set(values));
            return fresh;
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
    }

    /** @throws org.eegvlm.core.MalformedDataException if a weight is missing or has another shape */
    static StageNetwork of(NetworkConfig network, SafetensorsFile weights, String device) throws IOException {
        var trained = new StageNetwork(network, device);
        try {
            trained.restore(weights, "");
            // A new thread records what it computes from weights that want a gradient.
            trained.arrays().values().forEach(array -> array.setRequiresGradient(false));
            return trained;
        } catch (IOException | RuntimeException e) {
            trained.close();
            throw e;
        }
    }

    @Override
    public Output apply(float[] pixels, int count) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var output = block.forward(store(), pictures(pixels, count), false);
            return new Output(output.get(0).toFloatArray(), output.get(1).toFloatArray());
        }
    }

    /** All weights, running statistics included, by their name in PyTorch. */
    Map<String, TensorData> weights() {
        var weights = new LinkedHashMap<String, TensorData>();
        arrays().forEach((name, array) -> weights.put(
                name, TensorData.f32(array.toFloatArray(), array.getShape().getShape())));
        return weights;
    }

    /**
     * Takes weights from a file.
     *
     * @param prefix what stands before the names there
     */
    void restore(SafetensorsFile file, String prefix) throws IOException {
        for (var entry : parameters.entrySet()) {
            var array = entry.getValue().getArray();
            array.set(LearnerState.floats(
                    file, prefix + entry.getKey(), array.getShape().getShape()));
        }
    }

    /** Takes some weights as they are given. */
    void begin(Map<String, TensorData> weights) {
        weights.forEach((name, tensor) -> {
            var parameter = parameters.get(name);
            var shape = new Shape(tensor.spec().shape());
            if (parameter == null || !parameter.getArray().getShape().equals(shape)) {
                throw new IllegalArgumentException("the network has no weight '%s' %s".formatted(name, shape));
            }
            parameter.getArray().set(tensor.floats());
        });
    }

    static Map<String, long[]> shapes(Map<String, NDArray> arrays) {
        var shapes = new LinkedHashMap<String, long[]>();
        arrays.forEach((name, array) -> shapes.put(name, array.getShape().getShape()));
        return shapes;
    }

    Map<String, NDArray> arrays() {
        var arrays = new LinkedHashMap<String, NDArray>();
        parameters.forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        return arrays;
    }

    /** The weights that training moves. */
    Map<String, Parameter> trainable() {
        var trainable = new LinkedHashMap<String, Parameter>();
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient()) {
                trainable.put(name, parameter);
            }
        });
        return trainable;
    }

    NDManager manager() {
        return manager;
    }

    /** The logits of a training step, [count, 5]; batch norm takes its statistics from these pictures. */
    NDArray trainingLogits(float[] pixels, int count) {
        return block.forward(store(), pictures(pixels, count), true).get(1);
    }

    private NDList pictures(float[] pixels, int count) {
        int side = network.inputSize();
        var given = manager.create(pixels, new Shape(count, network.bands(pixels, count), side, side));
        return new NDList(given.broadcast(count, network.channels(), side, side));
    }

    private ParameterStore store() {
        return new ParameterStore(manager, false);
    }

    @Override
    public void close() {
        manager.close();
    }
}
