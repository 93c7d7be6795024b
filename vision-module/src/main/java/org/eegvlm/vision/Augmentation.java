package org.eegvlm.vision;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.RenderSpec;

/**
 * Changes a training picture in ways that change no stage, so that the network does not learn nights by heart.
 *
 * @param timeShift whether the epoch is turned in time: what leaves at its end comes in again at its start
 * @param amplitude by how much the voltage is stretched or shrunk at most, as a share: heads differ
 */
public record Augmentation(boolean timeShift, double amplitude) {

    public static final Augmentation DEFAULT = new Augmentation(true, 0);
    public static final Augmentation NONE = new Augmentation(false, 0);

    private static final int COLOURS = 3;
    private static final byte WHITE = (byte) 0xFF;

    public Augmentation {
        Checks.require(0 <= amplitude && amplitude < 1, "amplitude must be in [0, 1), was " + amplitude);
    }

    /** Another picture of the same size; takes two numbers from the generator, whatever it does. */
    EegImage apply(EegImage image, RenderSpec spec, RandomGenerator random) {
        int duration = image.width() * spec.trace().rows();
        int drawnShift = random.nextInt(duration);
        double drawnStretch = 1 + amplitude * (2 * random.nextDouble() - 1);
        if (!timeShift && amplitude == 0) {
            return image;
        }
        return changed(image, spec, timeShift ? drawnShift : 0, drawnStretch);
    }

    /** @param shift in pixels of time, from one row into the next */
    private static EegImage changed(EegImage image, RenderSpec spec, int shift, double stretch) {
        int width = image.width();
        int channels = spec.channels().size();
        int lines = spec.trace().rows() * channels;
        double lineHeight = image.height() / (double) lines;
        var rgb = new byte[image.rgb().length];
        Arrays.fill(rgb, WHITE);
        for (int y = 0; y < image.height(); y++) {
            int line = (int) ((y + 0.5) / lineHeight);
            double fromCentre = (y + 0.5 - (line + 0.5) * lineHeight) / stretch;
            if (Math.abs(fromCentre) > lineHeight / 2) {
                continue; // the neighbour's line
            }
            int row = line / channels;
            for (int x = 0; x < width; x++) {
                int time = (row * width + x + shift) % (spec.trace().rows() * width);
                int sourceLine = time / width * channels + line % channels;
                int sourceY = (int) ((sourceLine + 0.5) * lineHeight + fromCentre);
                int source = COLOURS * (sourceY * width + time % width);
                System.arraycopy(image.rgb(), source, rgb, COLOURS * (y * width + x), COLOURS);
            }
        }
        return new EegImage(width, image.height(), rgb);
    }
}
