package org.eegvlm.tensor;

import java.util.Arrays;

/**
 * Where a tensor lies in its file.
 *
 * @param dtype the element type by its safetensors name: {@code F32}, {@code F16}, {@code BF16}, {@code I64}, …
 * @param shape sizes of the dimensions; empty for a scalar
 * @param offset of its first byte, from the start of the file
 * @param bytes how many it has
 */
public record TensorInfo(String dtype, long[] shape, long offset, long bytes) {

    public TensorInfo {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** The product of the shape. */
    public long elements() {
        return Shapes.elements(shape);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && dtype.equals(that.dtype)
                && Arrays.equals(shape, that.shape)
                && offset == that.offset
                && bytes == that.bytes;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(shape) + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(shape) + "@" + offset;
    }
}
