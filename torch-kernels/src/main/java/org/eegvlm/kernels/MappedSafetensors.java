package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorInfo;

/**
 * The tensors of a safetensors file without reading it: the file is mapped once per element type, and each tensor is a
 * slice of the map, whose pages come in when they are first touched. So a checkpoint needs its own size once, not twice.
 *
 * <p>The maps are private: writing into a tensor never reaches the file.
 */
public final class MappedSafetensors implements AutoCloseable {

    private static final Map<String, DataType> FLOATING = Map.of(
            "F32", DataType.FLOAT32, "F16", DataType.FLOAT16, "BF16", DataType.BFLOAT16, "F64", DataType.FLOAT64);

    private final SafetensorsFile file;
    private final Device device;
    private final Kernels cpu = Tensors.kernels(Device.cpu());
    private final Map<DataType, NDArray> maps = new HashMap<>();

    private MappedSafetensors(SafetensorsFile file, Device device) {
        this.file = file;
        this.device = device;
    }

    /** @throws org.eegvlm.tensor.MalformedTensorException if the header breaks the format or does not fit the file */
    public static MappedSafetensors open(Path path, Device device) throws IOException {
        return new MappedSafetensors(SafetensorsFile.open(path), device);
    }

    /** Name, element type and shape of all tensors. */
    public Map<String, TensorInfo> tensors() {
        return file.tensors();
    }

    /**
     * One floating-point tensor on the device, in the given element type. It belongs to the caller, is not touched by
     * an open {@link NDScope}, and outlives this object.
     *
     * @throws IllegalArgumentException if there is no such tensor or it holds whole numbers
     */
    public NDArray get(String name, DataType type) throws IOException {
        var info = file.tensor(name);
        var stored = FLOATING.get(info.dtype());
        if (stored == null) {
            throw new IllegalArgumentException("tensor '%s' is %s, not floating point".formatted(name, info.dtype()));
        }
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var tensor = view(name, info, stored);
            tensor = tensor.getDataType() == type ? tensor : Tensors.cast(tensor, type);
            tensor = tensor.toDevice(device, false);
            NDScope.unregister(tensor);
            return tensor;
        }
    }

    private NDArray view(String name, TensorInfo info, DataType stored) throws IOException {
        long width = info.bytes() / Math.max(1, info.elements());
        if (info.elements() == 0 || info.offset() % width != 0) {
            // A map counts in whole elements; a tensor between them must be copied.
            return cpu.manager().create(file.floats(name), new Shape(info.shape()));
        }
        return cpu.tensor("part", map(stored, width), info.offset() / width, info.elements(), info.shape());
    }

    private NDArray map(DataType type, long width) throws IOException {
        var map = maps.get(type);
        if (map == null) {
            long elements = Files.size(file.path()) / width;
            map = cpu.tensor("map_file", file.path().toString(), elements, Tensors.scalarType(type));
            NDScope.unregister(map);
            maps.put(type, map);
        }
        return map;
    }

    @Override
    public void close() {
        maps.values().forEach(NDArray::close);
    }
}
