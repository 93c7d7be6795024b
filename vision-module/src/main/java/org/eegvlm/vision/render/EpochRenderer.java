package org.eegvlm.vision.render;

import java.util.List;
import org.eegvlm.core.signal.Window;

/**
 * Draws epochs at a fixed scale, without a word in the picture: waveforms, black on white, or spectrograms in colours.
 *
 * <p>In a waveform time runs from left to right and wraps over {@code rows} lines; within a line the channels stand below
 * each other. Each channel's mean over what is shown is taken off, because an electrode's offset is no brain activity;
 * nothing else is scaled or filtered. What is larger than a line's half-scale runs over into the neighbours and is cut at
 * their middle, so that a slow wave of twice the scale is still told from one of the scale.
 *
 * <p>Safe for use by many threads; the pictures do not depend on how many.
 */
public final class EpochRenderer implements AutoCloseable {

    private final RenderSpec spec;
    private final Drawer drawer;

    public EpochRenderer(RenderSpec spec) {
        this.spec = spec;
        drawer = spec.drawer();
    }

    public RenderSpec spec() {
        return spec;
    }

    /**
     * Draws one epoch, and its neighbours where the spec shows them.
     *
     * @param microvolts the samples of each channel over {@link RenderSpec#shownSeconds()}, in the order of the spec;
     *     channels may differ in length; NaN where a neighbour was not recorded
     * @param rateHz samples per second of each channel
     * @throws IllegalArgumentException if the number of channels, or of samples of one of them, is not the spec's
     */
    public EegImage render(float[][] microvolts, double[] rateHz) {
        checkShapes(microvolts, rateHz);
        return drawer.draw(microvolts, rateHz);
    }

    /** Draws one epoch: a window of each channel, in the order of the spec. */
    public EegImage render(List<Window> windows) {
        return render(
                windows.stream().map(Window::microvolts).toArray(float[][]::new),
                windows.stream().mapToDouble(Window::rateHz).toArray());
    }

    /** @throws IllegalArgumentException if a signal of this rate cannot be drawn as the spec says */
    void requireFor(double rateHz) {
        drawer.requireFor(rateHz);
    }

    /** The paper alone, with its grid where it has one. */
    public EegImage blank() {
        return drawer.blank();
    }

    private void checkShapes(float[][] microvolts, double[] rateHz) {
        int channels = spec.channels().size();
        if (microvolts.length != channels || rateHz.length != channels) {
            throw new IllegalArgumentException("the spec draws %d channels, given are %d with %d sampling rates"
                    .formatted(channels, microvolts.length, rateHz.length));
        }
        for (int channel = 0; channel < channels; channel++) {
            long expected = spec.epochsShown() * Math.round(spec.epochSeconds() * rateHz[channel]);
            if (microvolts[channel].length != expected || expected < 2) {
                throw new IllegalArgumentException("%s has %d samples; %s s at %s Hz are %d"
                        .formatted(
                                spec.channels().get(channel),
                                microvolts[channel].length,
                                spec.shownSeconds(),
                                rateHz[channel],
                                expected));
            }
        }
    }

    @Override
    public void close() {
        drawer.close();
    }
}
