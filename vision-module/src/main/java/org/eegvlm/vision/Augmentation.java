package org.eegvlm.vision;

import static org.eegvlm.core.Preconditions.require;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.RenderSpec;

/**
 * Changes a training picture in ways that change no stage, so that the network does not learn nights by heart. This is the
 * whole list. A flip is not among them: upside down a K-complex is none, and reversed in time a saw-tooth is none.
 *
 * @param timeShift whether the epoch is turned in time: what leaves at its end comes in again at its start. Not where
 *     its neighbours are shown: they have their places
 * @param amplitude by how much the voltage is stretched or shrunk at most, as a share: heads differ
 * @param channelDrop how often one of several channels is left white, as a share: electrodes come off
 * @param noise how far each moment is moved up or down, as the deviation in shares of a line's height: amplifiers hum
 */
public record Augmentation(boolean timeShift, double amplitude, double channelDrop, double noise) {

    public static final Augmentation DEFAULT = new Augmentation(true, 0, 0, 0);
    public static final Augmentation NONE = new Augmentation(false, 0, 0, 0);

    private static final byte WHITE = (byte) 0xFF;

    public Augmentation {
        require(0 <= amplitude && amplitude < 1, "amplitude must be in [0, 1), was " + amplitude);
        require(0 <= channelDrop && channelDrop < 1, "channel drop must be in [0, 1), was " + channelDrop);
        require(0 <= noise && noise < 0.5, "noise must be in [0, 0.5), was " + noise);
    }

    /**
     * Reads {@code time-shift,amplitude:0.2,channel-drop:0.1,noise:0.02}, or {@code none}.
     *
     * @throws IllegalArgumentException if another word is in the list, or an amount is none
     */
    public static Augmentation of(String list) {
        var augmentation = NONE;
        for (var item : list.split(",", -1)) {
            var parts = item.strip().split(":", 2);
            double amount = parts.length == 1 ? 0 : amount(item, parts[1]);
            augmentation = switch (parts[0] + (parts.length == 1 ? "" : ":")) {
                case "none" -> augmentation;
                case "time-shift" ->
                    new Augmentation(true, augmentation.amplitude, augmentation.channelDrop, augmentation.noise);
                case "amplitude:" ->
                    new Augmentation(augmentation.timeShift, amount, augmentation.channelDrop, augmentation.noise);
                case "channel-drop:" ->
                    new Augmentation(augmentation.timeShift, augmentation.amplitude, amount, augmentation.noise);
                case "noise:" ->
                    new Augmentation(augmentation.timeShift, augmentation.amplitude, augmentation.channelDrop, amount);
                default -> throw unknown(item);
            };
        }
        return augmentation;
    }

    private static double amount(String item, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw unknown(item);
        }
    }

    private static IllegalArgumentException unknown(String item) {
        return new IllegalArgumentException(("unknown augmentation '%s'; known: none, time-shift, amplitude:SHARE, "
                        + "channel-drop:SHARE, noise:SHARE")
                .formatted(item));
    }

    /** @throws IllegalArgumentException if it could have no effect on such pictures */
    void requireFor(RenderSpec spec) {
        require(
                channelDrop == 0 || spec.channels().size() > 1,
                "channel-drop needs pictures of several channels; these show " + spec.channels());
        require(
                amplitude == 0 && noise == 0 || spec.spectrogram().isEmpty(),
                "amplitude and noise move lines up and down; a spectrogram has none");
    }

    /** Another picture of the same size; takes as many numbers from the generator for every picture. */
    EegImage apply(EegImage image, RenderSpec spec, RandomGenerator random) {
        int duration = image.width() * spec.rows();
        int drawnShift = random.nextInt(duration);
        double drawnStretch = 1 + amplitude * (2 * random.nextDouble() - 1);
        int dropped = channelDrop > 0 ? dropped(spec.channels().size(), random) : -1;
        var moved = new double[noise > 0 ? duration : 0];
        Arrays.setAll(moved, time -> noise * random.nextGaussian());
        if (equals(NONE)) {
            return image;
        }
        int shift = timeShift && spec.neighbours() == 0 ? drawnShift : 0;
        return changed(image, spec, new Change(shift, drawnStretch, dropped, moved));
    }

    private int dropped(int channels, RandomGenerator random) {
        int channel = random.nextInt(channels);
        return random.nextDouble() < channelDrop ? channel : -1;
    }

    /**
     * @param shift in pixels of time, from one row into the next
     * @param dropped a channel, or −1
     * @param moved for each moment, in heights of a line; or nothing
     */
    private record Change(int shift, double stretch, int dropped, double[] moved) {}

    private static EegImage changed(EegImage image, RenderSpec spec, Change change) {
        int width = image.width();
        int channels = spec.channels().size();
        int duration = spec.rows() * width;
        int lines = spec.rows() * channels;
        double lineHeight = image.height() / (double) lines;
        int bands = image.bands();
        var samples = new byte[image.samples().length];
        Arrays.fill(samples, WHITE);
        for (int y = 0; y < image.height(); y++) {
            int line = (int) ((y + 0.5) / lineHeight);
            if (line % channels == change.dropped) {
                continue;
            }
            double fromCentre = (y + 0.5 - (line + 0.5) * lineHeight) / change.stretch;
            int row = line / channels;
            for (int x = 0; x < width; x++) {
                int time = (row * width + x + change.shift) % duration;
                double inLine = fromCentre + (change.moved.length == 0 ? 0 : change.moved[time] * lineHeight);
                if (Math.abs(inLine) > lineHeight / 2) {
                    continue; // the neighbour's line
                }
                int sourceLine = time / width * channels + line % channels;
                int sourceY = Math.min(image.height() - 1, (int) ((sourceLine + 0.5) * lineHeight + inLine));
                int source = bands * (sourceY * width + time % width);
                System.arraycopy(image.samples(), source, samples, bands * (y * width + x), bands);
            }
        }
        return new EegImage(width, image.height(), bands, samples);
    }
}
