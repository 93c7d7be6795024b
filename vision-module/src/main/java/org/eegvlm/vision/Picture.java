package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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

    /**
     * @return values [N, bands, size, size] in C order: 1 band where all pictures are grey and all colours are alike, else
     *     3
     */
    public float[] values(List<EegImage> images) {
        var levels = IntStream.range(0, COLOURS).mapToObj(this::levels).toArray(float[][]::new);
        boolean alike = Arrays.equals(levels[0], levels[1]) && Arrays.equals(levels[0], levels[2]);
        int bands = alike && images.stream().allMatch(image -> image.bands() == 1) ? 1 : COLOURS;
        var values = new float[images.size() * bands * size * size];
        int start = 0;
        for (var image : images) {
            var small = image.resized(size, size);
            for (int band = 0; band < bands; band++) {
                fill(values, start, small, band, levels[band]);
                start += size * size;
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

    private static void fill(float[] values, int start, EegImage image, int band, float[] levels) {
        var samples = image.samples();
        if (image.bands() == 1) {
            for (int pixel = 0; pixel < samples.length; pixel++) {
                values[start + pixel] = levels[samples[pixel] & 0xFF];
            }
        } else {
            for (int pixel = 0, at = band; at < samples.length; pixel++, at += COLOURS) {
                values[start + pixel] = levels[samples[at] & 0xFF];
            }
        }
    }
}
