package org.eegvlm.tensor;

import java.util.Arrays;

/** Type and shape of a tensor that is yet to be written; {@code dtype} as in {@link TensorInfo}. */
public record TensorSpec(String dtype, long... shape) {

    public TensorSpec {
        ElementType.of(dtype);
        shape = shape.clone();
        Math.multiplyExact(Shapes.elements(shape), (long) ElementType.of(dtype).width());
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** How many bytes its elements take. */
    public long bytes() {
        return Shapes.elements(shape) * ElementType.of(dtype).width();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorSpec that && dtype.equals(that.dtype) && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
