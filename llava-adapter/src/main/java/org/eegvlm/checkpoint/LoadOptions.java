package org.eegvlm.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.eegvlm.kernels.TorchDevice;

/**
 * How a model is put into memory.
 *
 * @param devices over which the decoder's layers are spread, in this order; all else lies on the first
 * @param type in which weights are held and layers computed: FLOAT32, BFLOAT16, FLOAT16 or FLOAT64
 * @param fourBit whether the decoder's projections are held in four bits (NF4) instead
 */
public record LoadOptions(List<Device> devices, DataType type, boolean fourBit) {

    public LoadOptions {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("name at least one device");
        }
        name(type);
    }

    /**
     * In float32.
     *
     * @param devices {@code cpu}, {@code cuda:N} or {@code cuda:0,1}
     */
    public static LoadOptions on(String devices) {
        return new LoadOptions(TorchDevice.list(devices), DataType.FLOAT32, false);
    }

    /** The element type of a name: {@code fp32}, {@code bf16}, {@code fp16} or {@code fp64}. */
    public static DataType type(String name) {
        return switch (name) {
            case "fp32" -> DataType.FLOAT32;
            case "bf16" -> DataType.BFLOAT16;
            case "fp16" -> DataType.FLOAT16;
            case "fp64" -> DataType.FLOAT64;
            default -> throw new IllegalArgumentException("unknown dtype '" + name + "'; use fp32, bf16, fp16 or fp64");
        };
    }

    /** The name of an element type, as {@link #type} reads it. */
    public static String name(DataType type) {
        return switch (type) {
            case FLOAT32 -> "fp32";
            case BFLOAT16 -> "bf16";
            case FLOAT16 -> "fp16";
            case FLOAT64 -> "fp64";
            default -> throw new IllegalArgumentException("no model computes in " + type);
        };
    }

    public LoadOptions withType(DataType other) {
        return new LoadOptions(devices, other, fourBit);
    }

    public LoadOptions with4Bit() {
        return new LoadOptions(devices, type, true);
    }

    /** Where everything lies that is not a layer of the decoder. */
    public Device device() {
        return devices.get(0);
    }

    /** That device in the words of {@code --device}. */
    public String deviceName() {
        return TorchDevice.name(device());
    }
}
