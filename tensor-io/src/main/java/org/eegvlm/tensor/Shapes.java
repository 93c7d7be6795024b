package org.eegvlm.tensor;

/** Arithmetic on shapes that notices overflow. */
final class Shapes {

    /** What numpy allows, and more than any network uses. */
    static final int MAX_DIMENSIONS = 32;

    private Shapes() {}

    /**
     * How many elements a tensor of this shape has; 1 for a scalar.
     *
     * @throws IllegalArgumentException if a size is negative, the product of those that are not 0 overflows, or there are
     *     too many dimensions
     */
    static long elements(long[] shape) {
        if (shape.length > MAX_DIMENSIONS) {
            throw new IllegalArgumentException(shape.length + " dimensions are more than " + MAX_DIMENSIONS);
        }
        long product = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("negative size " + size);
            }
            empty |= size == 0;
            product = multiply(product, Math.max(size, 1)); // strides and rows of an empty tensor must not overflow
        }
        return empty ? 0 : product;
    }

    /**
     * The product of two numbers that are not negative.
     *
     * @throws IllegalArgumentException on overflow
     */
    static long multiply(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        if (high != 0 || low < 0) {
            throw new IllegalArgumentException("%d × %d overflows".formatted(a, b));
        }
        return low;
    }

    /**
     * The sum of two numbers that are not negative.
     *
     * @throws IllegalArgumentException on overflow
     */
    static long add(long a, long b) {
        if (a > Long.MAX_VALUE - b) {
            throw new IllegalArgumentException("%d + %d overflows".formatted(a, b));
        }
        return a + b;
    }

    /** The steps, in elements, from one entry of a dimension to the next, in C order. */
    static long[] strides(long[] shape) {
        var strides = new long[shape.length];
        long step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = step;
            step *= Math.max(shape[d], 1);
        }
        return strides;
    }
}
