package org.eegvlm.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor to be written.
 *
 * @param spec its type and shape
 * @param bytes its elements in C order, little-endian, from the buffer's position to its limit
 */
public record TensorData(TensorSpec spec, ByteBuffer bytes) {

    public TensorData {
        bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() != spec.bytes()) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, given %d".formatted(spec, spec.bytes(), bytes.remaining()));
        }
    }

    public static TensorData f32(float[] values, long... shape) {
        return of("F32", values, shape);
    }

    public static TensorData f16(float[] values, long... shape) {
        return of("F16", values, shape);
    }

    public static TensorData bf16(float[] values, long... shape) {
        return of("BF16", values, shape);
    }

    /** The values in a floating point type, rounded to nearest even where it is narrower. */
    public static TensorData of(String dtype, float[] values, long... shape) {
        var type = ElementType.of(dtype);
        var bytes = littleEndian(Math.multiplyExact(values.length, type.width()));
        for (float value : values) {
            type.put(value, bytes);
        }
        return new TensorData(new TensorSpec(dtype, shape), bytes.flip());
    }

    public static TensorData i64(long[] values, long... shape) {
        var bytes = littleEndian(Math.multiplyExact(values.length, Long.BYTES));
        bytes.asLongBuffer().put(values);
        return new TensorData(new TensorSpec("I64", shape), bytes);
    }

    /** Bytes as some other library gave them. */
    public static TensorData of(String dtype, ByteBuffer bytes, long... shape) {
        return new TensorData(new TensorSpec(dtype, shape), bytes);
    }

    /** A fresh view from the first byte to the last, little-endian. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The values of a tensor in float32. @throws IllegalArgumentException if it is in another type */
    public float[] floats() {
        if (!spec.dtype().equals("F32")) {
            throw new IllegalArgumentException("a tensor of %s has no floats".formatted(spec.dtype()));
        }
        var values = new float[bytes.remaining() / Float.BYTES];
        bytes().asFloatBuffer().get(values);
        return values;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
