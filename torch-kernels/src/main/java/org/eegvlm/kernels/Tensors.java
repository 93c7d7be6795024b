package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Operations on tensors that belong to no model. */
public final class Tensors {

    /** TorchScript casts by number: {@code c10::ScalarType}. */
    private static final Map<DataType, Integer> SCALAR_TYPES = Map.of(
            DataType.UINT8, 0,
            DataType.INT8, 1,
            DataType.INT32, 3,
            DataType.INT64, 4,
            DataType.FLOAT16, 5,
            DataType.FLOAT32, 6,
            DataType.FLOAT64, 7,
            DataType.BFLOAT16, 15);

    private static final Map<Device, Kernels> KERNELS = new ConcurrentHashMap<>();

    private Tensors() {}

    /** The tensor in another element type; bfloat16 too, which DJL's own conversion cannot do. */
    public static NDArray cast(NDArray tensor, DataType type) {
        return kernels(tensor.getDevice()).tensor("cast", tensor, scalarType(type));
    }

    /** The values as floats, whatever the element type. */
    public static float[] floats(NDArray tensor) {
        if (tensor.getDataType() == DataType.FLOAT32) {
            return tensor.toFloatArray();
        }
        try (var wide = cast(tensor, DataType.FLOAT32)) {
            return wide.toFloatArray();
        }
    }

    /**
     * The gradient of a loss by each of the tensors that it was recorded from; zero where it does not depend on one. Nothing
     * is added to what a tensor keeps, as DJL's own way back does: that is a pass over all weights, and another to clear them.
     */
    public static List<NDArray> gradients(NDArray loss, List<NDArray> tensors) {
        return kernels(loss.getDevice()).tensors("gradients", loss, tensors);
    }

    /**
     * Scales gradients in place so that their joint L2 norm is at most {@code maxNorm}. They may lie on several devices.
     *
     * @return the norm they had
     */
    public static double clip(List<NDArray> gradients, double maxNorm) {
        try (var norm = kernels(gradients.get(0).getDevice()).tensor("clip", gradients, maxNorm);
                var wide = norm.toType(DataType.FLOAT64, true)) {
            return wide.getDouble();
        }
    }

    /** Multiplies tensors by a number, in place. They may lie on several devices. */
    public static void scale(List<NDArray> tensors, double factor) {
        if (!tensors.isEmpty()) {
            kernels(tensors.get(0).getDevice()).run("scale", tensors, factor);
        }
    }

    /** Adds {@code factor · term} to each sum, in place; a term comes to the device of its sum. */
    public static void addScaled(List<NDArray> sums, List<NDArray> terms, double factor) {
        if (!sums.isEmpty()) {
            kernels(sums.get(0).getDevice()).run("add_scaled", sums, terms, factor);
        }
    }

    /** Copies values into other tensors of the same shapes, on whatever devices these lie. */
    public static void copy(List<NDArray> values, List<NDArray> into) {
        if (!values.isEmpty()) {
            kernels(into.get(0).getDevice()).run("copy", values, into);
        }
    }

    static int scalarType(DataType type) {
        var number = SCALAR_TYPES.get(type);
        if (number == null) {
            throw new IllegalArgumentException("no kernel computes in " + type);
        }
        return number;
    }

    /** One compiled set for each device, kept for the life of the process: it holds no tensor. */
    static Kernels kernels(Device device) {
        return KERNELS.computeIfAbsent(device, key -> Kernels.load(key, Tensors.class, "tensors.kernels.py"));
    }
}
