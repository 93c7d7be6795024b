package org.eegvlm.llava;

/**
 * Pillow's antialiased bicubic resize of 8-bit pictures, bit for bit.
 *
 * <p>CLIP was trained on pictures that Pillow resized. Other bicubics (Java2D's, PyTorch's) differ: this one uses
 * a = −0.5, widens the kernel when shrinking, and rounds to 8 bits between the horizontal and the vertical pass.
 */
final class BicubicResize {

    private static final double A = -0.5;
    private static final double SUPPORT = 2;

    /** Weights are fixed-point numbers with this many fractional bits: 32, less 8 for the value and 2 for overshoot. */
    private static final int FRACTION_BITS = 22;

    private BicubicResize() {}

    static RgbImage resize(RgbImage image, int width, int height) {
        var pixels = image.rgb();
        if (width != image.width()) {
            pixels = horizontal(pixels, image.width(), image.height(), weights(image.width(), width));
        }
        if (height != image.height()) {
            pixels = vertical(pixels, width, weights(image.height(), height));
        }
        return new RgbImage(width, height, pixels);
    }

    /** Output pixel i is the sum over k of {@code value[i][k] · input[first[i] + k]}. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Weights(int[] first, int[][] value) {}

    private static Weights weights(int inputSize, int outputSize) {
        double scale = (double) inputSize / outputSize;
        double widening = Math.max(scale, 1);
        double support = SUPPORT * widening;
        var first = new int[outputSize];
        var value = new int[outputSize][];
        for (int i = 0; i < outputSize; i++) {
            double centre = (i + 0.5) * scale;
            first[i] = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), inputSize);
            var real = new double[end - first[i]];
            double sum = 0;
            for (int k = 0; k < real.length; k++) {
                real[k] = cubic((k + first[i] - centre + 0.5) * (1 / widening));
                sum += real[k];
            }
            value[i] = new int[real.length];
            for (int k = 0; k < real.length; k++) {
                double fixed = real[k] / sum * (1 << FRACTION_BITS);
                value[i][k] = (int) (fixed < 0 ? fixed - 0.5 : fixed + 0.5);
            }
        }
        return new Weights(first, value);
    }

    private static double cubic(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }

    private static byte[] horizontal(byte[] input, int inputWidth, int height, Weights weights) {
        int width = weights.first.length;
        var output = new byte[height * width * 3];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (y * inputWidth + weights.first[x]) * 3;
                for (int channel = 0; channel < 3; channel++) {
                    output[at++] = weighted(input, from + channel, 3, weights.value[x]);
                }
            }
        }
        return output;
    }

    private static byte[] vertical(byte[] input, int width, Weights weights) {
        int height = weights.first.length;
        int stride = width * 3;
        var output = new byte[height * stride];
        for (int y = 0, at = 0; y < height; y++) {
            for (int column = 0; column < stride; column++) {
                output[at++] = weighted(input, weights.first[y] * stride + column, stride, weights.value[y]);
            }
        }
        return output;
    }

    private static byte weighted(byte[] input, int from, int stride, int[] weights) {
        int sum = 1 << (FRACTION_BITS - 1);
        for (int k = 0, at = from; k < weights.length; k++, at += stride) {
            sum += (input[at] & 0xff) * weights[k];
        }
        return (byte) Math.max(0, Math.min(255, sum >> FRACTION_BITS));
    }
}
