package org.eegvlm.dl4j.layers;

/**
 * {@code y = weight x̂ + bias} with {@code x̂ = (x − mean) / sqrt(variance + ε)} over the channels of each pixel (Ba et al.
 * 2016, arXiv:1607.06450).
 */
public final class LayerNorm extends ChannelLayer {

    private static final float EPSILON = 1e-6f;

    public LayerNorm(int channels) {
        super(channels, "weight", "bias");
    }

    @Override
    float[] forward(float[] x, float[][] weights) {
        int channels = weights[0].length;
        int pixels = x.length / channels;
        var mean = mean(x, channels);
        var y = normalized(x, mean, scale(x, mean));
        for (int c = 0; c < channels; c++) {
            float weight = weights[0][c];
            float bias = weights[1][c];
            for (int i = c * pixels; i < (c + 1) * pixels; i++) {
                y[i] = weight * y[i] + bias;
            }
        }
        return y;
    }

    /** With dx̂ = weight dy: {@code dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / sqrt(variance + ε)}. */
    @Override
    float[] backward(float[] x, float[] dy, float[][] weights, float[][] dw) {
        int channels = weights[0].length;
        int pixels = x.length / channels;
        var centre = mean(x, channels);
        var scale = scale(x, centre);
        var normalized = normalized(x, centre, scale);
        var mean = new float[pixels];
        var along = new float[pixels];
        var dx = new float[x.length];
        for (int c = 0; c < channels; c++) {
            float weight = weights[0][c];
            double byWeight = 0;
            double byBias = 0;
            for (int p = 0, i = c * pixels; p < pixels; p++, i++) {
                byWeight += dy[i] * normalized[i];
                byBias += dy[i];
                dx[i] = weight * dy[i];
                mean[p] += dx[i];
                along[p] += dx[i] * normalized[i];
            }
            dw[0][c] = (float) byWeight;
            dw[1][c] = (float) byBias;
        }
        for (int c = 0; c < channels; c++) {
            for (int p = 0, i = c * pixels; p < pixels; p++, i++) {
                dx[i] = (dx[i] - (mean[p] + normalized[i] * along[p]) / channels) * scale[p];
            }
        }
        return dx;
    }

    /** x̂ */
    private static float[] normalized(float[] x, float[] mean, float[] scale) {
        int pixels = mean.length;
        int channels = x.length / pixels;
        var y = new float[x.length];
        for (int c = 0; c < channels; c++) {
            for (int p = 0, i = c * pixels; p < pixels; p++, i++) {
                y[i] = (x[i] - mean[p]) * scale[p];
            }
        }
        return y;
    }

    /** Of each pixel. */
    private static float[] mean(float[] x, int channels) {
        int pixels = x.length / channels;
        var mean = new float[pixels];
        for (int c = 0; c < channels; c++) {
            for (int p = 0, i = c * pixels; p < pixels; p++, i++) {
                mean[p] += x[i];
            }
        }
        for (int p = 0; p < pixels; p++) {
            mean[p] /= channels;
        }
        return mean;
    }

    /** {@code 1 / sqrt(variance + ε)} of each pixel. */
    private static float[] scale(float[] x, float[] mean) {
        int pixels = mean.length;
        int channels = x.length / pixels;
        var scale = new float[pixels];
        for (int c = 0; c < channels; c++) {
            for (int p = 0, i = c * pixels; p < pixels; p++, i++) {
                float centred = x[i] - mean[p];
                scale[p] += centred * centred;
            }
        }
        for (int p = 0; p < pixels; p++) {
            scale[p] = (float) (1 / Math.sqrt(scale[p] / channels + EPSILON));
        }
        return scale;
    }
}
