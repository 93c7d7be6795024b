package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.util.Arrays;
import java.util.List;
import org.eegvlm.vision.render.EegImage;

/**
 * How a picture becomes the network's input: shrunk to a square, then {@code (value / 255 − mean) / deviation}.
 *
 * @param size pixels a side
 * @param mean of each of the colours red, green, blue
 * @param deviation of each of the colours
 */
public record Picture(int size, List<Double> mean, List<Double> deviation) {

    private static final int COLOURS = 3;

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

    /** @return values [N, 3, size, size] in C order */
    public float[] values(List<EegImage> images) {
        int area = size * size;
        var values = new float[images.size() * COLOURS * area];
        var levels = new float[COLOURS][];
        for (int colour = 0; colour < COLOURS; colour++) {
            levels[colour] = levels(colour);
        }
        int start = 0;
        for (var image : images) {
            var small = image.resized(size, size);
            for (int colour = 0; colour < COLOURS; colour++) {
                if (colour > 0 && small.bands() == 1 && Arrays.equals(levels[colour], levels[colour - 1])) {
                    System.arraycopy(values, start - area, values, start, area);
                } else {
                    int band = small.bands() == 1 ? 0 : colour;
                    fill(values, start, small.samples(), band, small.bands(), levels[colour]);
                }
                start += area;
            }
        }
        return values;
    }

    /** What each of the 256 levels of a colour becomes. */
    private float[] levels(int colour) {
        float shift = mean.get(colour).floatValue();
        float scale = deviation.get(colour).floatValue();
        var levels = new float[256];
        for (int level = 0; level < levels.length; level++) {
            levels[level] = (level / 255f - shift) / scale;
        }
        return levels;
    }

    private void fill(float[] values, int start, byte[] samples, int band, int bands, float[] levels) {
        int area = size * size;
        for (int pixel = 0, at = band; pixel < area; pixel++, at += bands) {
            values[start + pixel] = levels[samples[at] & 0xFF];
        }
    }
}
