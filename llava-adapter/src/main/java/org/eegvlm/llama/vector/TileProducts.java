package org.eegvlm.llama.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops. A tile holds rows of ints, each one fp32 or two bf16, of which the lower half of the int is the first;
 * a bf16 is the upper half of an fp32. Loops run over whole registers: what they read behind a row meets zeros.
 */
final class TileProducts {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** Numbers of a register, and how many ints a loop may read behind a row. */
    static final int LANES = FLOATS.length();

    private static final int UPPER_HALF = 0xffff0000;

    private TileProducts() {}

    static int wholeRegisters(int numbers) {
        return (numbers + LANES - 1) / LANES * LANES;
    }

    /** Products of rows, {@code stride} ints apart, with one arranged vector; one sum a row. */
    static void products(
            int[] tile,
            int at,
            int stride,
            int rows,
            Arrangement arrangement,
            float[] x,
            int xAt,
            float[] sums,
            int to) {
        int part = arrangement.part();
        int row = 0;
        for (; row + 4 <= rows; row += 4) {
            if (arrangement.paired()) {
                fourPaired(tile, at + row * stride, stride, x, xAt, part, sums, to + row);
            } else {
                four(tile, at + row * stride, stride, x, xAt, part, sums, to + row);
            }
        }
        for (; row < rows; row++) {
            sums[to + row] = arrangement.paired()
                    ? paired(tile, at + row * stride, x, xAt, part)
                    : single(tile, at + row * stride, x, xAt, part);
        }
    }

    private static void four(int[] tile, int at, int stride, float[] x, int xAt, int part, float[] sums, int to) {
        var first = FloatVector.zero(FLOATS);
        var second = first;
        var third = first;
        var fourth = first;
        for (int i = 0; i < part; i += LANES) {
            var v = FloatVector.fromArray(FLOATS, x, xAt + i);
            first = ints(tile, at + i).reinterpretAsFloats().fma(v, first);
            second = ints(tile, at + stride + i).reinterpretAsFloats().fma(v, second);
            third = ints(tile, at + 2 * stride + i).reinterpretAsFloats().fma(v, third);
            fourth = ints(tile, at + 3 * stride + i).reinterpretAsFloats().fma(v, fourth);
        }
        sums[to] = sum(first);
        sums[to + 1] = sum(second);
        sums[to + 2] = sum(third);
        sums[to + 3] = sum(fourth);
    }

    private static void fourPaired(int[] tile, int at, int stride, float[] x, int xAt, int part, float[] sums, int to) {
        var first = FloatVector.zero(FLOATS);
        var second = first;
        var third = first;
        var fourth = first;
        var firstOdd = first;
        var secondOdd = first;
        var thirdOdd = first;
        var fourthOdd = first;
        for (int i = 0; i < part; i += LANES) {
            var even = FloatVector.fromArray(FLOATS, x, xAt + i);
            var odd = FloatVector.fromArray(FLOATS, x, xAt + part + i);
            var pairs = ints(tile, at + i);
            first = lower(pairs).fma(even, first);
            firstOdd = upper(pairs).fma(odd, firstOdd);
            pairs = ints(tile, at + stride + i);
            second = lower(pairs).fma(even, second);
            secondOdd = upper(pairs).fma(odd, secondOdd);
            pairs = ints(tile, at + 2 * stride + i);
            third = lower(pairs).fma(even, third);
            thirdOdd = upper(pairs).fma(odd, thirdOdd);
            pairs = ints(tile, at + 3 * stride + i);
            fourth = lower(pairs).fma(even, fourth);
            fourthOdd = upper(pairs).fma(odd, fourthOdd);
        }
        sums[to] = sum(first.add(firstOdd));
        sums[to + 1] = sum(second.add(secondOdd));
        sums[to + 2] = sum(third.add(thirdOdd));
        sums[to + 3] = sum(fourth.add(fourthOdd));
    }

    private static float single(int[] tile, int at, float[] x, int xAt, int part) {
        var one = FloatVector.zero(FLOATS);
        var other = one;
        int i = 0;
        for (; i + LANES < part; i += 2 * LANES) {
            one = ints(tile, at + i).reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, xAt + i), one);
            other = ints(tile, at + i + LANES)
                    .reinterpretAsFloats()
                    .fma(FloatVector.fromArray(FLOATS, x, xAt + i + LANES), other);
        }
        if (i < part) {
            one = ints(tile, at + i).reinterpretAsFloats().fma(FloatVector.fromArray(FLOATS, x, xAt + i), one);
        }
        return sum(one.add(other));
    }

    private static float paired(int[] tile, int at, float[] x, int xAt, int part) {
        var even = FloatVector.zero(FLOATS);
        var odd = even;
        for (int i = 0; i < part; i += LANES) {
            var pairs = ints(tile, at + i);
            even = lower(pairs).fma(FloatVector.fromArray(FLOATS, x, xAt + i), even);
            odd = upper(pairs).fma(FloatVector.fromArray(FLOATS, x, xAt + part + i), odd);
        }
        return sum(even.add(odd));
    }

    /** Adds to the sum, which is arranged, {@code factors[from + row]} times each row. */
    static void addScaled(
            int[] tile,
            int at,
            int stride,
            int rows,
            Arrangement arrangement,
            float[] factors,
            int from,
            float[] sum,
            int to) {
        int part = arrangement.part();
        for (int i = 0; i < part; i += LANES) {
            if (arrangement.paired()) {
                addPaired(tile, at + i, stride, rows, factors, from, sum, to + i, part);
            } else {
                add(tile, at + i, stride, rows, factors, from, sum, to + i);
            }
        }
    }

    private static void add(int[] tile, int at, int stride, int rows, float[] factors, int from, float[] sum, int to) {
        var one = FloatVector.fromArray(FLOATS, sum, to);
        var other = FloatVector.zero(FLOATS);
        int row = 0;
        for (; row + 1 < rows; row += 2) {
            one = ints(tile, at + row * stride)
                    .reinterpretAsFloats()
                    .fma(FloatVector.broadcast(FLOATS, factors[from + row]), one);
            other = ints(tile, at + (row + 1) * stride)
                    .reinterpretAsFloats()
                    .fma(FloatVector.broadcast(FLOATS, factors[from + row + 1]), other);
        }
        if (row < rows) {
            one = ints(tile, at + row * stride)
                    .reinterpretAsFloats()
                    .fma(FloatVector.broadcast(FLOATS, factors[from + row]), one);
        }
        one.add(other).intoArray(sum, to);
    }

    private static void addPaired(
            int[] tile, int at, int stride, int rows, float[] factors, int from, float[] sum, int to, int part) {
        var even = FloatVector.fromArray(FLOATS, sum, to);
        var odd = FloatVector.fromArray(FLOATS, sum, to + part);
        for (int row = 0; row < rows; row++) {
            var pairs = ints(tile, at + row * stride);
            var factor = FloatVector.broadcast(FLOATS, factors[from + row]);
            even = lower(pairs).fma(factor, even);
            odd = upper(pairs).fma(factor, odd);
        }
        even.intoArray(sum, to);
        odd.intoArray(sum, to + part);
    }

    private static IntVector ints(int[] tile, int at) {
        return IntVector.fromArray(INTS, tile, at);
    }

    private static FloatVector lower(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
    }

    private static FloatVector upper(IntVector pairs) {
        return pairs.lanewise(VectorOperators.AND, UPPER_HALF).reinterpretAsFloats();
    }

    private static float sum(FloatVector v) {
        return v.reduceLanes(VectorOperators.ADD);
    }
}
