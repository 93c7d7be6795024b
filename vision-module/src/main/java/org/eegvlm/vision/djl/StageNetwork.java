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
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.FirstWeights;
import org.eegvlm.vision.engine.LearnerState;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageEncoder;

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

    /** How many numbers they are, the head's included. */
    static long weights(NetworkConfig network) {
        try (var empty = new StageNetwork(network, "cpu")) {
            return empty.arrays().values().stream().mapToLong(NDArray::size).sum();
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
    public Output apply(PictureBatch pictures) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var output = block.forward(store(), input(pictures), false);
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
    NDArray trainingLogits(PictureBatch pictures) {
        return block.forward(store(), input(pictures), true).get(1);
    }

    private NDList input(PictureBatch pictures) {
        network.requireFor(pictures);
        return new NDList(values(manager, pictures));
    }

    /**
     * What {@link Picture} says, to the bit: divided by arrays, since a GPU multiplies by the reciprocal of a plain number.
     *
     * @return [count, 3, size, size]
     */
    static NDArray values(NDManager manager, PictureBatch pictures) {
        var picture = pictures.picture();
        var shape = new Shape(pictures.count(), pictures.bands(), picture.size(), picture.size());
        var levels = manager.create(ByteBuffer.wrap(pictures.levels()), shape, DataType.UINT8);
        var white = manager.create(new float[] {Picture.WHITE});
        var shares = levels.toType(DataType.FLOAT32, false).divi(white);
        return shares.sub(colours(manager, picture.mean())).divi(colours(manager, picture.deviation()));
    }

    private static NDArray colours(NDManager manager, List<Double> each) {
        var numbers = new float[each.size()];
        for (int colour = 0; colour < numbers.length; colour++) {
            numbers[colour] = each.get(colour).floatValue();
        }
        return manager.create(numbers, new Shape(numbers.length, 1, 1));
    }

    private ParameterStore store() {
        return new ParameterStore(manager, false);
    }

    @Override
    public void close() {
        manager.close();
    }
}
