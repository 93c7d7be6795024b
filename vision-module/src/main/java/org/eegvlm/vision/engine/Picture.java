package org.eegvlm.vision.engine;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;
import org.eegvlm.vision.render.EegImage;

/**
 * How a picture becomes the network's input: shrunk to a square, then {@code (level / 255 − mean) / deviation} in single
 * precision, each step rounded.
 *
 * @param size pixels a side
 * @param mean of each of the colours red, green, blue
 * @param deviation of each of the colours
 */
public record Picture(int size, List<Double> mean, List<Double> deviation) {

    /** What a byte of white is divided by. */
    public static final float WHITE = 255;

    /** Red, green and blue. */
    public static final int COLOURS = 3;

    /** White paper is 0, so that the zeros around a convolution's edges are paper too; black ink is −4. */
    public static final Picture DEFAULT = new Picture(80, List.of(1.0, 1.0, 1.0), List.of(0.25, 0.25, 0.25));

    /** Of ImageNet, for weights that were trained on photographs. */
    public static final Picture IMAGENET = new Picture(224, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    public Picture {
        require(32 <= size && size <= 1024, "picture size must be in 32..1024, was " + size);
        require(mean.size() == COLOURS && deviation.size() == COLOURS, "mean and deviation need a value per colour");
        require(deviation.stream().allMatch(d -> d > 0), "deviations must be positive, were " + deviation);
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }

    public Picture withSize(int side) {
        return new Picture(side, mean, deviation);
    }

    /** In one band where all are grey, else in three. */
    public PictureBatch batch(List<EegImage> images) {
        int bands = images.stream().allMatch(image -> image.bands() == 1) ? 1 : COLOURS;
        int area = size * size;
        var levels = new byte[images.size() * bands * area];
        for (int i = 0; i < images.size(); i++) {
            var small = images.get(i).resized(size, size);
            for (int band = 0; band < bands; band++) {
                copy(small, band, levels, (i * bands + band) * area);
            }
        }
        return new PictureBatch(levels, images.size(), bands, this);
    }

    private static void copy(EegImage image, int band, byte[] levels, int start) {
        var samples = image.samples();
        if (image.bands() == 1) {
            System.arraycopy(samples, 0, levels, start, samples.length);
            return;
        }
        for (int pixel = start, at = band; at < samples.length; pixel++, at += COLOURS) {
            levels[pixel] = samples[at];
        }
    }

    /** What each of the 256 levels of a colour becomes. */
    float[] values(int colour) {
        float shift = mean.get(colour).floatValue();
        float scale = deviation.get(colour).floatValue();
        var values = new float[256];
        for (int level = 0; level < values.length; level++) {
            values[level] = (level / WHITE - shift) / scale;
        }
        return values;
    }
}
