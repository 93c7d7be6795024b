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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;

/** A backbone with its head and its weights: pictures [N, 3, S, S] to features [N, 1024] and probabilities [N, 5]. */
public final class StageNetwork implements AutoCloseable {

    private static final int COLOURS = 3;
    /** Any size will do to find the shapes of the weights: they do not depend on it. */
    private static final Shape SOME_PICTURE = new Shape(1, COLOURS, 64, 64);

    private final NDManager manager;
    private final StageBlock block;
    private final Map<String, Parameter> parameters;

    private StageNetwork(Backbone backbone, String device) {
        manager = NDManager.newBaseManager(TorchDevice.of(device), "PyTorch");
        block = new StageBlock(backbone);
        block.initialize(manager, DataType.FLOAT32, SOME_PICTURE);
        parameters = TorchNames.of(block);
    }

    /** What a network makes of N pictures; both matrices row by row. */
    public record Output(float[] features, float[] probabilities) {}

    /** A network that has learnt nothing; the same seed gives the same weights. */
    public static StageNetwork fresh(String backbone, long seed, String device) {
        var network = new StageNetwork(Backbone.named(backbone), device);
        FirstWeights.draw(network.parameters, seed);
        return network;
    }

    /** @throws MalformedDataException if a weight is missing or has another shape */
    public static StageNetwork of(String backbone, SafetensorsFile weights, String device) throws IOException {
        var network = new StageNetwork(Backbone.named(backbone), device);
        network.restore(weights, "");
        return network;
    }

    /** @param pixels [count, 3, S, S] in C order */
    public Output apply(float[] pixels, int count) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var output = block.forward(store(), pictures(pixels, count), false);
            var probabilities = output.get(1).softmax(-1);
            return new Output(output.get(0).toFloatArray(), probabilities.toFloatArray());
        }
    }

    /** All weights, running statistics included, by their name in PyTorch. */
    public Map<String, TensorData> weights() {
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
            array.set(floats(file, prefix + entry.getKey(), array.getShape()));
        }
    }

    static float[] floats(SafetensorsFile file, String name, Shape shape) throws IOException {
        if (!file.tensors().containsKey(name)) {
            throw new MalformedDataException(file.path(), "it has no tensor '%s'".formatted(name));
        }
        var info = file.tensor(name);
        if (!Arrays.equals(info.shape(), shape.getShape())) {
            throw new MalformedDataException(
                    file.path(),
                    "tensor '%s' has shape %s, expected %s".formatted(name, Arrays.toString(info.shape()), shape));
        }
        return file.floats(name);
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
        long side = Math.round(Math.sqrt(pixels.length / (double) (count * COLOURS)));
        return new NDList(manager.create(pixels, new Shape(count, COLOURS, side, side)));
    }

    private ParameterStore store() {
        return new ParameterStore(manager, false);
    }

    @Override
    public void close() {
        manager.close();
    }
}
