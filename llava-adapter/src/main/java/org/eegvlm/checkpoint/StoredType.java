package org.eegvlm.checkpoint;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Optional;

/** The floating point types in which weights lie on disk; the constants are their names in safetensors. */
public enum StoredType {
    F32(DataType.FLOAT32, "float32"),
    F16(DataType.FLOAT16, "float16"),
    BF16(DataType.BFLOAT16, "bfloat16"),
    F64(DataType.FLOAT64, "float64");

    private final DataType type;
    private final String torchName;

    StoredType(DataType type, String torchName) {
        this.type = type;
        this.torchName = torchName;
    }

    /** @param dtype as in {@link org.eegvlm.tensor.TensorInfo} */
    static Optional<StoredType> named(String dtype) {
        return Arrays.stream(values()).filter(each -> each.name().equals(dtype)).findFirst();
    }

    /** The type that a user asks for: {@code fp32}, {@code bf16} or {@code fp16}; empty for {@code keep}. */
    public static Optional<StoredType> asked(String dtype) {
        return switch (dtype) {
            case "keep" -> Optional.empty();
            case "fp32" -> Optional.of(F32);
            case "bf16" -> Optional.of(BF16);
            case "fp16" -> Optional.of(F16);
            default ->
                throw new IllegalArgumentException("unknown dtype '" + dtype + "'; use fp32, bf16, fp16 or keep");
        };
    }

    /** Its type in memory. */
    public DataType type() {
        return type;
    }

    /** Its name in {@code config.json}: {@code float16}. */
    public String torchName() {
        return torchName;
    }
}
