package org.eegvlm.dl4j.layers;

/** {@code y = gamma x}, one gamma a channel (Touvron et al. 2021, arXiv:2103.17239). */
public final class LayerScale extends ChannelLayer {

    public LayerScale(int channels) {
        super(channels, "gamma");
    }

    @Override
    float[] forward(float[] x, float[][] weights) {
        return scaled(x, weights[0]);
    }

    @Override
    float[] backward(float[] x, float[] dy, float[][] weights, float[][] dw) {
        var gamma = weights[0];
        int pixels = x.length / gamma.length;
        for (int c = 0; c < gamma.length; c++) {
            double sum = 0;
            for (int i = c * pixels; i < (c + 1) * pixels; i++) {
                sum += x[i] * dy[i];
            }
            dw[0][c] = (float) sum;
        }
        return scaled(dy, gamma);
    }

    private static float[] scaled(float[] x, float[] gamma) {
        int pixels = x.length / gamma.length;
        var y = new float[x.length];
        for (int c = 0; c < gamma.length; c++) {
            for (int i = c * pixels; i < (c + 1) * pixels; i++) {
                y[i] = gamma[c] * x[i];
            }
        }
        return y;
    }
}
