package org.eegvlm.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of safetensors, by the names of that format, in the order of its reference implementation: files
 * hold the tensors of the last type first, so that each starts at a multiple of its element's width.
 */
enum ElementType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8);

    private final int width;

    ElementType(int width) {
        this.width = width;
    }

    static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** For a name that the caller chose, or that was checked when its file was opened. */
    static ElementType of(String name) {
        return named(name).orElseThrow(() -> new IllegalArgumentException("no element type is called " + name));
    }

    /** Bytes per element. */
    int width() {
        return width;
    }

    /** The element at the buffer's position, as float; F64 is rounded. */
    float get(ByteBuffer from) {
        return switch (this) {
            case F32 -> from.getFloat();
            case F64 -> (float) from.getDouble();
            case F16 -> HalfPrecision.fromFloat16(from.getShort());
            case BF16 -> HalfPrecision.fromBfloat16(from.getShort());
            default -> throw notFloating();
        };
    }

    /** So many elements from the buffer's position on, as {@link #get(ByteBuffer)}. */
    void get(ByteBuffer from, float[] to, int offset, int count) {
        if (this == F32) {
            from.asFloatBuffer().get(to, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[offset + i] = get(from);
        }
    }

    /** Writes the value at the buffer's position, rounded to nearest even where the type is narrower. */
    void put(float value, ByteBuffer to) {
        switch (this) {
            case F32 -> to.putFloat(value);
            case F64 -> to.putDouble(value);
            case F16 -> to.putShort(HalfPrecision.toFloat16(value));
            case BF16 -> to.putShort(HalfPrecision.toBfloat16(value));
            default -> throw notFloating();
        }
    }

    private IllegalArgumentException notFloating() {
        return new IllegalArgumentException(name() + " holds no floating point numbers");
    }
}
