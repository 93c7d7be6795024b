package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.eegvlm.tensor.TensorFile;
import org.eegvlm.tensor.TensorInfo;

/**
 * The tensors of a file without reading it: each is a slice of a map of the file, whose pages come in when they are first
 * touched. So a checkpoint needs its own size once, not twice. Each tensor has a map of its own, which costs next to
 * nothing, so that closing a tensor gives its pages back.
 *
 * <p>The maps are private: writing into a tensor never reaches the file.
 */
public final class MappedTensors {

    private static final Map<String, DataType> FLOATING = Map.of(
            "F32", DataType.FLOAT32, "F16", DataType.FLOAT16, "BF16", DataType.BFLOAT16, "F64", DataType.FLOAT64);

    private static final Map<String, DataType> WHOLE =
            Map.of("U8", DataType.UINT8, "I8", DataType.INT8, "I32", DataType.INT32, "I64", DataType.INT64);

    private final TensorFile file;
    private final Kernels cpu = Tensors.kernels(Device.cpu());

    /** Nothing is mapped before a tensor is asked for. */
    public MappedTensors(TensorFile file) {
        this.file = file;
    }

    /**
     * One floating-point tensor on the device, in the given element type: a view of the map where that is the stored
     * type, the tensor is one block, and the device is the processor.
     *
     * <p>It belongs to the caller, is not touched by an open {@link NDScope}, and outlives this object.
     *
     * @throws IllegalArgumentException if there is no such tensor or it holds whole numbers
     */
    public NDArray get(String name, Device device, DataType type) throws IOException {
        var info = file.tensor(name);
        var stored = FLOATING.get(info.dtype());
        if (stored == null) {
            throw new IllegalArgumentException("tensor '%s' is %s, not floating point".formatted(name, info.dtype()));
        }
        return on(device, name, stored, type);
    }

    /**
     * One tensor on the device as it is stored, with the same owner.
     *
     * @throws IllegalArgumentException if there is no such tensor, or none here has its element type
     */
    public NDArray stored(String name, Device device) throws IOException {
        var info = file.tensor(name);
        var type = FLOATING.getOrDefault(info.dtype(), WHOLE.get(info.dtype()));
        if (type == null) {
            throw new IllegalArgumentException("tensor '%s' is %s, which is not read".formatted(name, info.dtype()));
        }
        return on(device, name, type, type);
    }

    private NDArray on(Device device, String name, DataType stored, DataType type) throws IOException {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var tensor = view(name, file.tensor(name), stored);
            tensor = stored == type ? tensor : Tensors.cast(tensor, type); // DJL itself knows no bfloat16
            tensor = tensor.toDevice(device, false);
            NDScope.unregister(tensor);
            return tensor;
        }
    }

    private NDArray view(String name, TensorInfo info, DataType stored) throws IOException {
        int width = stored.getNumOfBytes();
        if (info.elements() == 0 || info.offset() % width != 0) {
            return copy(name, new Shape(info.shape()), stored); // a map counts in whole elements
        }
        long first = info.offset() / width;
        var view = file.view(name);
        return view.isDense()
                ? cpu.tensor("part", map(stored), first, info.elements(), info.shape())
                : cpu.tensor("gathered", map(stored), first, view.sizes(), view.strides(), info.shape());
    }

    private NDArray copy(String name, Shape shape, DataType stored) throws IOException {
        if (!stored.isFloating()) {
            return cpu.manager().create(file.bytes(name), shape, stored);
        }
        return Tensors.cast(cpu.manager().create(file.floats(name), shape), stored);
    }

    private NDArray map(DataType type) throws IOException {
        long elements = Files.size(file.path()) / type.getNumOfBytes();
        return cpu.tensor("map_file", file.path().toString(), elements, Tensors.scalarType(type));
    }
}
