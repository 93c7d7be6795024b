package org.eegvlm.vision.render;

import static org.eegvlm.core.Preconditions.require;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eegvlm.core.signal.Multitaper;
import org.eegvlm.core.signal.Spectrogram;
import org.eegvlm.vision.render.SpectrogramLook.Method;

/**
 * Draws spectrograms, one channel below the other. Between spectra and between their frequencies decibels are
 * interpolated linearly; before the middle of the first window and after the middle of the last, they stay as they are.
 */
final class SpectrogramDrawer implements Drawer {

    private static final int WHITE = 255;
    private static final double LEAST_DENSITY = 1e-12; // of a flat signal, so that it has a logarithm

    private final RenderSpec spec;
    private final SpectrogramLook look;
    private final int width;
    private final int height;
    private final byte[] colours;
    private final Map<Double, Multitaper> tapers = new ConcurrentHashMap<>(); // by sampling rate; slow to make

    SpectrogramDrawer(RenderSpec spec, SpectrogramLook look) {
        this.spec = spec;
        this.look = look;
        width = spec.canvas().width();
        height = spec.canvas().height();
        colours = look.colours().rgb();
    }

    @Override
    public EegImage blank() {
        var rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) WHITE);
        return new EegImage(width, height, rgb);
    }

    @Override
    public EegImage draw(float[][] microvolts, double[] rateHz) {
        var rgb = blank().samples();
        for (int channel = 0; channel < microvolts.length; channel++) {
            int perEpoch = microvolts[channel].length / spec.epochsShown();
            for (int epoch = 0; epoch < spec.epochsShown(); epoch++) {
                var samples = Arrays.copyOfRange(microvolts[channel], epoch * perEpoch, (epoch + 1) * perEpoch);
                if (!Float.isNaN(samples[0])) {
                    drawEpoch(rgb, epoch, channel, spectrogram(samples, rateHz[channel]));
                }
            }
        }
        return new EegImage(width, height, rgb);
    }

    @Override
    public void requireFor(double rateHz) {
        require(
                look.axis().highHz() <= rateHz / 2,
                "the picture goes up to %s Hz, a signal of %s Hz only to half of that",
                look.axis().highHz(),
                rateHz);
        int window = window(rateHz);
        require(window >= 2, "a window of %s s has no spectrum at %s Hz", look.windowSeconds(), rateHz);
        if (look.method() == Method.MULTITAPER) {
            tapers(window, rateHz);
        }
    }

    private Spectrogram spectrogram(float[] samples, double rateHz) {
        requireFor(rateHz);
        var values = new double[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples[i];
        }
        int window = window(rateHz);
        int step = Math.max(1, (int) Math.round(look.stepSeconds() * rateHz));
        return look.method() == Method.STFT
                ? Spectrogram.hann(values, rateHz, window, step)
                : Spectrogram.multitaper(values, rateHz, window, step, tapers(window, rateHz));
    }

    private int window(double rateHz) {
        return (int) Math.round(look.windowSeconds() * rateHz);
    }

    private Multitaper tapers(int window, double rateHz) {
        return tapers.computeIfAbsent(
                rateHz, rate -> new Multitaper(window, rate, look.bandwidthHz().orElseThrow()));
    }

    private void drawEpoch(byte[] rgb, int epoch, int channel, Spectrogram spectrogram) {
        int left = (int) Math.round(epoch * width / (double) spec.epochsShown());
        int right = (int) Math.round((epoch + 1) * width / (double) spec.epochsShown());
        int top = (int) Math.round(channel * height / (double) spec.channels().size());
        int bottom = (int)
                Math.round((channel + 1) * height / (double) spec.channels().size());
        var decibels = decibels(spectrogram);
        double firstSecond = spectrogram.second(0);
        double stepSeconds = spectrogram.step() / spectrogram.rateHz();
        var bins = new double[bottom - top];
        for (int y = top; y < bottom; y++) {
            bins[y - top] = hz((bottom - y - 0.5) / (bottom - top)) / spectrogram.hz(1);
        }
        // A white pixel parts what is not to be mistaken for one.
        int from = epoch == 0 ? left : left + 1;
        int first = channel == 0 ? top : top + 1;
        for (int x = from; x < right; x++) {
            double second = (x - left + 0.5) / (right - left) * spec.epochSeconds();
            var column = between(decibels, (second - firstSecond) / stepSeconds);
            for (int y = first; y < bottom; y++) {
                int colour = 3 * colour(between(column, bins[y - top]));
                int pixel = 3 * (y * width + x);
                rgb[pixel] = colours[colour];
                rgb[pixel + 1] = colours[colour + 1];
                rgb[pixel + 2] = colours[colour + 2];
            }
        }
    }

    /** The frequency at a share of the height. */
    private double hz(double share) {
        var axis = look.axis();
        return axis.logarithmic()
                ? axis.lowHz() * StrictMath.pow(axis.highHz() / axis.lowHz(), share)
                : axis.lowHz() + share * (axis.highHz() - axis.lowHz());
    }

    private static double[][] decibels(Spectrogram spectrogram) {
        var density = spectrogram.density();
        var decibels = new double[density.length][];
        for (int t = 0; t < density.length; t++) {
            decibels[t] = new double[density[t].length];
            for (int k = 0; k < density[t].length; k++) {
                decibels[t][k] = 10 * StrictMath.log10(Math.max(LEAST_DENSITY, density[t][k]));
            }
        }
        return decibels;
    }

    /** The spectrum at a time, in steps from the first. */
    private static double[] between(double[][] decibels, double time) {
        double t = Math.max(0, Math.min(decibels.length - 1.0, time));
        int before = Math.min((int) t, Math.max(0, decibels.length - 2));
        var one = decibels[before];
        var other = decibels[Math.min(before + 1, decibels.length - 1)];
        double part = t - before;
        var column = new double[one.length];
        for (int k = 0; k < column.length; k++) {
            column[k] = one[k] + part * (other[k] - one[k]);
        }
        return column;
    }

    private static double between(double[] values, double bin) {
        double k = Math.max(0, Math.min(values.length - 1.0, bin));
        int below = Math.min((int) k, values.length - 2);
        return values[below] + (k - below) * (values[below + 1] - values[below]);
    }

    private int colour(double decibels) {
        double share = (decibels - look.decibels().low())
                / (look.decibels().high() - look.decibels().low());
        return (int) (255 * Math.max(0, Math.min(1, share)) + 0.5);
    }
}
