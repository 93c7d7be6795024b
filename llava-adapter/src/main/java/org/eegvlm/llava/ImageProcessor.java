package org.eegvlm.llava;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * What a picture goes through before CLIP: pad to a square, resize, crop, scale, normalise. One way for training,
 * evaluation and serving.
 *
 * @param size of the square that CLIP takes
 * @param pad whether to pad to a square with the mean colour ({@code image_aspect_ratio: pad}); without it, a long
 *     picture loses its ends
 * @param mean of each channel, in 0..1
 * @param deviation of each channel, in 0..1
 */
@SuppressWarnings({"ArrayRecordComponent", "FloatingPointLiteralPrecision"
}) // the literals are as OpenAI published them
public record ImageProcessor(int size, boolean pad, float[] mean, float[] deviation) {

    private static final String FILE = "preprocessor_config.json";
    private static final float[] CLIP_MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] CLIP_DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    public ImageProcessor {
        if (size <= 0 || mean.length != 3 || deviation.length != 3) {
            throw new IllegalArgumentException("an image processor needs a size and three means and deviations");
        }
        for (float each : deviation) {
            if (!(each > 0)) {
                throw new IllegalArgumentException(
                        "standard deviations must be positive, were " + Arrays.toString(deviation));
            }
        }
        mean = mean.clone();
        deviation = deviation.clone();
    }

    /** CLIP's own numbers. */
    public static ImageProcessor clip(int size, boolean pad) {
        return new ImageProcessor(size, pad, CLIP_MEAN, CLIP_DEVIATION);
    }

    /** The processor of a tower's folder; CLIP's own numbers where it holds no {@value #FILE}. */
    public static ImageProcessor in(Path tower, int size, boolean pad) throws IOException {
        var file = tower.resolve(FILE);
        if (!Files.exists(file)) {
            return clip(size, pad);
        }
        var json = Json.readTree(file);
        var mean = channels(json, "image_mean", CLIP_MEAN, file);
        var deviation = channels(json, "image_std", CLIP_DEVIATION, file);
        try {
            return new ImageProcessor(size, pad, mean, deviation);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, "field 'image_std'", String.valueOf(e.getMessage()));
        }
    }

    private static float[] channels(JsonNode json, String key, float[] absent, Path file) throws IOException {
        var node = json.get(key);
        if (node == null) {
            return absent;
        }
        var values = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            double value = node.path(channel).asDouble(-1);
            if (node.size() != 3 || !(0 <= value && value <= 1)) {
                throw new MalformedDataException(
                        file, "field '" + key + "'", "needs three numbers in 0..1, is " + node);
            }
            values[channel] = (float) value;
        }
        return values;
    }

    /** The pixels CLIP takes, [3, size, size], channel by channel. */
    float[] pixels(RgbImage image) {
        var square = square(image);
        var table = normalised();
        int plane = size * size;
        var pixels = new float[3 * plane];
        for (int at = 0; at < plane; at++) {
            for (int channel = 0; channel < 3; channel++) {
                pixels[channel * plane + at] = table[channel][square.rgb()[at * 3 + channel] & 0xff];
            }
        }
        return pixels;
    }

    /** The picture as CLIP sees it, before numbers are scaled. */
    RgbImage square(RgbImage image) {
        var whole = pad ? padded(image) : image;
        int shorter = Math.min(whole.width(), whole.height());
        long width = (long) size * whole.width() / shorter;
        long height = (long) size * whole.height() / shorter;
        if (width * height > RgbImage.MAX_PIXELS) {
            throw new IllegalArgumentException("a picture of %d×%d pixels is too narrow to be resized without padding"
                    .formatted(image.width(), image.height()));
        }
        return cropped(BicubicResize.resize(whole, (int) width, (int) height));
    }

    private RgbImage padded(RgbImage image) {
        int side = Math.max(image.width(), image.height());
        if (image.width() == image.height()) {
            return image;
        }
        int left = (side - image.width()) / 2;
        int top = (side - image.height()) / 2;
        var rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(side, side))];
        for (int at = 0; at < rgb.length; at++) {
            rgb[at] = (byte) (int) (mean[at % 3] * 255.0);
        }
        for (int y = 0; y < image.height(); y++) {
            int to = ((top + y) * side + left) * 3;
            System.arraycopy(image.rgb(), y * image.width() * 3, rgb, to, image.width() * 3);
        }
        return new RgbImage(side, side, rgb);
    }

    private RgbImage cropped(RgbImage image) {
        int left = (image.width() - size) / 2;
        int top = (image.height() - size) / 2;
        if (left == 0 && top == 0 && image.width() == size && image.height() == size) {
            return image;
        }
        var rgb = new byte[size * size * 3];
        for (int y = 0; y < size; y++) {
            System.arraycopy(image.rgb(), ((top + y) * image.width() + left) * 3, rgb, y * size * 3, size * 3);
        }
        return new RgbImage(size, size, rgb);
    }

    /** For each channel, what each of the 256 values becomes; every step rounds to float as transformers does. */
    private float[][] normalised() {
        var table = new float[3][256];
        for (int channel = 0; channel < 3; channel++) {
            for (int value = 0; value < 256; value++) {
                float scaled = (float) (value * (1 / 255.0));
                table[channel][value] = (scaled - mean[channel]) / deviation[channel];
            }
        }
        return table;
    }

    @Override
    public float[] mean() {
        return mean.clone();
    }

    @Override
    public float[] deviation() {
        return deviation.clone();
    }

    @Override
    public String toString() {
        return "ImageProcessor[size=%d, pad=%s, mean=%s, deviation=%s]"
                .formatted(size, pad, Arrays.toString(mean), Arrays.toString(deviation));
    }
}
