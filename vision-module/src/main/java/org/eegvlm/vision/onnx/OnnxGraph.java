package org.eegvlm.vision.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;

/**
 * A network as a graph of operators, in the making; the numbers of fields and types are those of {@code onnx.proto}.
 *
 * <p>A value goes by its name. {@link #add} makes a node and returns the name of what it computes; weights are taken from
 * a file, by their names there, when a node first asks for them.
 */
final class OnnxGraph {

    /** Has LayerNormalization; read by every ONNX Runtime since 1.12. */
    private static final int OPSET = 17;

    private static final int IR_VERSION = 8;

    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private static final String BATCH = "N";

    private final SafetensorsFile weights;
    private final ProtoMessage graph = new ProtoMessage().text(2, "vision");
    private final Set<String> initializers = new LinkedHashSet<>();
    private int nodes;

    OnnxGraph(SafetensorsFile weights) {
        this.weights = weights;
    }

    /** The picture, [N, sizes]. */
    String input(String name, long... sizes) {
        graph.message(11, valueInfo(name, sizes));
        return name;
    }

    /** Gives a value the name by which it is asked for, [N, sizes]. */
    void output(String name, String value, long... sizes) {
        node("Identity", name, List.of(value), Attributes.NONE);
        graph.message(12, valueInfo(name, sizes));
    }

    /** @return the name of the node's only result */
    String add(String operator, List<String> inputs, Attributes attributes) {
        var result = operator + "_" + nodes;
        node(operator, result, inputs, attributes);
        return result;
    }

    String add(String operator, String... inputs) {
        return add(operator, List.of(inputs), Attributes.NONE);
    }

    /**
     * A weight of the file, as float32.
     *
     * @throws MalformedDataException if there is none of this name, or it has another type
     */
    String weight(String name) throws IOException {
        var info = weights.tensors().get(name);
        if (info == null) {
            throw new MalformedDataException(weights.path(), "it has no tensor '%s'".formatted(name));
        }
        if (!info.dtype().equals("F32")) {
            throw new MalformedDataException(
                    weights.path(), "tensor '%s' is %s, expected F32".formatted(name, info.dtype()));
        }
        initializer(name, FLOAT, info.shape(), weights.bytes(name));
        return name;
    }

    boolean hasWeight(String name) {
        return weights.tensors().containsKey(name);
    }

    /** Sizes, places or axes. */
    String integers(long... values) {
        var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        var name = "integers" + Arrays.toString(values);
        initializer(name, INT64, new long[] {values.length}, bytes);
        return name;
    }

    /** A single number. */
    String number(float value) {
        var bytes =
                ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
        var name = "number" + value;
        initializer(name, FLOAT, new long[0], bytes);
        return name;
    }

    /** The finished file. */
    ProtoMessage model(Map<String, String> metadata) {
        var model = new ProtoMessage()
                .number(1, IR_VERSION)
                .text(2, "eegvlm")
                .message(7, graph)
                .message(8, new ProtoMessage().text(1, "").number(2, OPSET));
        metadata.forEach((key, value) ->
                model.message(14, new ProtoMessage().text(1, key).text(2, value)));
        return model;
    }

    private void node(String operator, String result, List<String> inputs, Attributes attributes) {
        var node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, result).text(3, "node_" + nodes++).text(4, operator);
        attributes.writeTo(node);
        graph.message(1, node);
    }

    private void initializer(String name, int type, long[] shape, ByteBuffer values) {
        if (initializers.add(name)) {
            var tensor = new ProtoMessage();
            Arrays.stream(shape).forEach(size -> tensor.number(1, size));
            graph.message(5, tensor.number(2, type).text(8, name).bytes(9, values));
        }
    }

    private static ProtoMessage valueInfo(String name, long... sizes) {
        var shape = new ProtoMessage().message(1, new ProtoMessage().text(2, BATCH));
        Arrays.stream(sizes).forEach(size -> shape.message(1, new ProtoMessage().number(1, size)));
        var type = new ProtoMessage()
                .message(1, new ProtoMessage().number(1, FLOAT).message(2, shape));
        return new ProtoMessage().text(1, name).message(2, type);
    }
}
