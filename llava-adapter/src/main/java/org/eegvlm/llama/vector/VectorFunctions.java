package org.eegvlm.llama.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What a decoder needs beside products. Vectors have room for {@link #padded} numbers, of which the last are zero. */
public final class VectorFunctions {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    private VectorFunctions() {}

    /** The room for so many numbers: whole vector registers. */
    public static int padded(int numbers) {
        return TileProducts.wholeRegisters(numbers);
    }

    /** {@code x / sqrt(mean(x²) + epsilon) · weight} (Zhang &amp; Sennrich 2019, arXiv:1910.07467). */
    public static void rmsNorm(float[] x, int numbers, float[] weight, double epsilon, float[] normalised) {
        var squares = FloatVector.zero(FLOATS);
        for (int i = 0; i < numbers; i += FLOATS.length()) {
            var v = FloatVector.fromArray(FLOATS, x, i);
            squares = v.fma(v, squares);
        }
        float scale = (float) (1 / Math.sqrt((double) squares.reduceLanes(VectorOperators.ADD) / numbers + epsilon));
        for (int i = 0; i < numbers; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, i)
                    .mul(scale)
                    .mul(FloatVector.fromArray(FLOATS, weight, i))
                    .intoArray(normalised, i);
        }
    }

    /** {@code silu(gate) · up}, silu(x) being {@code x / (1 + e^-x)} (Shazeer 2020, arXiv:2002.05202). */
    public static void swiGlu(float[] gate, float[] up, int numbers, float[] product) {
        for (int i = 0; i < numbers; i += FLOATS.length()) {
            var x = FloatVector.fromArray(FLOATS, gate, i);
            var denominator = x.neg().lanewise(VectorOperators.EXP).add(1);
            x.div(denominator).mul(FloatVector.fromArray(FLOATS, up, i)).intoArray(product, i);
        }
    }

    static float greatest(float[] x, int from, int count) {
        float greatest = Float.NEGATIVE_INFINITY;
        int end = from + count;
        int i = from;
        var running = FloatVector.broadcast(FLOATS, greatest);
        for (; i + FLOATS.length() <= end; i += FLOATS.length()) {
            running = running.max(FloatVector.fromArray(FLOATS, x, i));
        }
        greatest = running.reduceLanes(VectorOperators.MAX);
        for (; i < end; i++) {
            greatest = Math.max(greatest, x[i]);
        }
        return greatest;
    }

    /** Puts {@code e^(x - greatest)} in the place of each number; returns their sum. */
    static float exponentials(float[] x, int from, int count, float greatest) {
        int end = from + count;
        int i = from;
        var sums = FloatVector.zero(FLOATS);
        for (; i + FLOATS.length() <= end; i += FLOATS.length()) {
            var power = FloatVector.fromArray(FLOATS, x, i).sub(greatest).lanewise(VectorOperators.EXP);
            power.intoArray(x, i);
            sums = sums.add(power);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < end; i++) {
            x[i] = (float) Math.exp(x[i] - greatest);
            sum += x[i];
        }
        return sum;
    }
}
