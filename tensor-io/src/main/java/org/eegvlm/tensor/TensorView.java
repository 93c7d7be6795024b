package org.eegvlm.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * In which order a tensor's elements are taken from a file: most lie one after another, a transposed one does not.
 *
 * @param sizes of the dimensions that are walked through, the last one fastest; their product is the tensor's elements,
 *     but they may cut its shape finer
 * @param strides from one entry of a dimension to the next, in elements
 */
public record TensorView(long[] sizes, long[] strides) {

    public TensorView {
        if (sizes.length != strides.length) {
            throw new IllegalArgumentException("size and stride differ in length");
        }
        if (Arrays.stream(strides).anyMatch(stride -> stride < 0)) {
            throw new IllegalArgumentException("negative stride");
        }
        sizes = sizes.clone();
        strides = strides.clone();
    }

    /** One block in C order. */
    public static TensorView dense(long... shape) {
        return new TensorView(shape, Shapes.strides(shape));
    }

    @Override
    public long[] sizes() {
        return sizes.clone();
    }

    @Override
    public long[] strides() {
        return strides.clone();
    }

    /** Whether the elements are one block in C order. */
    public boolean isDense() {
        long[] dense = Shapes.strides(sizes);
        for (int d = 0; d < dense.length; d++) {
            if (sizes[d] > 1 && strides[d] != dense[d]) {
                return false;
            }
        }
        return true;
    }

    /** How far it reaches from its first element, in elements; 0 for an empty one. */
    public long span() {
        if (Shapes.elements(sizes) == 0) {
            return 0;
        }
        long last = 0;
        for (int d = 0; d < sizes.length; d++) {
            last = Shapes.add(last, Shapes.multiply(sizes[d] - 1, strides[d]));
        }
        return Shapes.add(last, 1);
    }

    /** The elements, each of the given bytes, one after another. */
    ByteBuffer gather(ByteBuffer from, int width) {
        long bytes = Shapes.multiply(Shapes.elements(sizes), width);
        if (bytes > Integer.MAX_VALUE - 8) { // what a view shows may be more than what it reaches over
            throw new IllegalArgumentException(
                    "%d bytes do not fit one buffer; read the tensor in parts".formatted(bytes));
        }
        var to = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        var index = new long[sizes.length];
        while (to.hasRemaining()) {
            long element = 0;
            for (int d = 0; d < index.length; d++) {
                element += index[d] * strides[d];
            }
            to.put(from.slice(Math.toIntExact(element * width), width));
            for (int d = index.length - 1; d >= 0 && ++index[d] == sizes[d]; d--) {
                index[d] = 0;
            }
        }
        return to.flip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorView that
                && Arrays.equals(sizes, that.sizes)
                && Arrays.equals(strides, that.strides);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(sizes) + Arrays.hashCode(strides);
    }

    @Override
    public String toString() {
        return "size %s and stride %s".formatted(Arrays.toString(sizes), Arrays.toString(strides));
    }
}
