package org.eegvlm.dl4j.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The layers that go back by themselves, against central differences of their formulas in double precision. */
class OwnLayersTest {

    private static final int CHANNELS = 3;
    private static final int PIXELS = 4;
    private static final double STEP = 1e-5;
    /** Single precision, of numbers around one. */
    private static final float TOLERANCE = 2e-5f;

    private final SplittableRandom random = new SplittableRandom(1);
    private final float[] x = draw(CHANNELS * PIXELS);
    private final float[] dy = draw(CHANNELS * PIXELS);
    private final float[] weight = draw(CHANNELS);
    private final float[] bias = draw(CHANNELS);

    @Test
    void layerNormGoesBackByTheSlopesOfItsFormula() {
        var layer = new LayerNorm(CHANNELS);
        var dw = new float[2][CHANNELS];

        var dx = layer.backward(x, dy, new float[][] {weight, bias}, dw);

        assertThat(dx).containsExactly(slopes(x, v -> normed(v, wide(weight), wide(bias))), within(TOLERANCE));
        assertThat(dw[0]).containsExactly(slopes(weight, v -> normed(wide(x), v, wide(bias))), within(TOLERANCE));
        assertThat(dw[1]).containsExactly(slopes(bias, v -> normed(wide(x), wide(weight), v)), within(TOLERANCE));
    }

    @Test
    void layerScaleGoesBackByTheSlopesOfItsFormula() {
        var layer = new LayerScale(CHANNELS);
        var dw = new float[1][CHANNELS];

        var dx = layer.backward(x, dy, new float[][] {weight}, dw);

        assertThat(dx).containsExactly(slopes(x, v -> scaled(v, wide(weight))), within(TOLERANCE));
        assertThat(dw[0]).containsExactly(slopes(weight, v -> scaled(wide(x), v)), within(TOLERANCE));
    }

    /** What comes out of layer norm, weighed by dy. */
    private double normed(double[] in, double[] weights, double[] biases) {
        double sum = 0;
        for (int p = 0; p < PIXELS; p++) {
            double mean = 0;
            double variance = 0;
            for (int c = 0; c < CHANNELS; c++) {
                mean += in[c * PIXELS + p] / CHANNELS;
            }
            for (int c = 0; c < CHANNELS; c++) {
                variance += Math.pow(in[c * PIXELS + p] - mean, 2) / CHANNELS;
            }
            for (int c = 0; c < CHANNELS; c++) {
                double normed = (in[c * PIXELS + p] - mean) / Math.sqrt(variance + 1e-6);
                sum += dy[c * PIXELS + p] * (weights[c] * normed + biases[c]);
            }
        }
        return sum;
    }

    /** What comes out of layer scale, weighed by dy. */
    private double scaled(double[] in, double[] gamma) {
        double sum = 0;
        for (int i = 0; i < in.length; i++) {
            sum += dy[i] * gamma[i / PIXELS] * in[i];
        }
        return sum;
    }

    private static float[] slopes(float[] at, ToDoubleFunction<double[]> formula) {
        var slopes = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            var moved = wide(at);
            moved[i] += STEP;
            double above = formula.applyAsDouble(moved);
            moved[i] -= 2 * STEP;
            slopes[i] = (float) ((above - formula.applyAsDouble(moved)) / (2 * STEP));
        }
        return slopes;
    }

    private static double[] wide(float[] values) {
        var wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private float[] draw(int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
