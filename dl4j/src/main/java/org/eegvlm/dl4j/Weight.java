package org.eegvlm.dl4j;

import java.nio.FloatBuffer;

/**
 * Where a weight of PyTorch's lies among the graph's numbers, which are one long array.
 *
 * @param shape in PyTorch
 * @param transposed whether the graph has it as [size / shape[0], shape[0]], as depthwise kernels are; all others lie there
 *     as PyTorch has them
 * @param trained whether it is moved by its gradient; running statistics are not
 */
record Weight(String name, long[] shape, int offset, int size, boolean transposed, boolean trained) {

    float[] read(FloatBuffer all) {
        var values = new float[size];
        all.get(offset, values);
        return transposed ? transposed(values, rest(), first()) : values;
    }

    void write(float[] values, FloatBuffer all) {
        all.put(offset, transposed ? transposed(values, first(), rest()) : values);
    }

    private int first() {
        return Math.toIntExact(shape[0]);
    }

    private int rest() {
        return size / first();
    }

    /** [rows, columns] to [columns, rows] */
    private static float[] transposed(float[] values, int rows, int columns) {
        var turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return turned;
    }
}
