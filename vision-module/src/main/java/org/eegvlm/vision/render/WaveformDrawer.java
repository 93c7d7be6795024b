package org.eegvlm.vision.render;

import java.util.Arrays;

/**
 * Draws waveforms, a pixel's grey being the share of it that a round pen covers.
 *
 * <p>Each pixel column is cut into some sub-columns, at least one for two samples. In a sub-column the polyline goes from a
 * lowest to a highest point; the pen widens this by its radius, above, below and into the sub-columns beside. The mean
 * of the sub-columns is the pixel's share: where samples are denser than pixels the grey still tells how often the line
 * passes. Whole numbers and the same sums on every machine make the same bytes everywhere.
 */
final class WaveformDrawer implements Drawer {

    private static final int LEAST_SUBCOLUMNS = 2;
    private static final int MOST_SUBCOLUMNS = 32;

    private static final int FINE = Stroke.FINE;
    private static final int OPAQUE = 1 << 16;
    private static final double PALE = 0.45; // of black: a neighbour must be told from the epoch at a glance

    private final RenderSpec spec;
    private final WaveformLook look;
    private final int width;
    private final int height;
    private final double rowSeconds;
    private final double lineHeight;
    private final byte[] paper;
    private final int[] black = ink(1);
    private final int[] pale = ink(PALE);

    WaveformDrawer(RenderSpec spec, WaveformLook look) {
        this.spec = spec;
        this.look = look;
        width = spec.canvas().width();
        height = spec.canvas().height();
        rowSeconds = spec.shownSeconds() / look.rows();
        lineHeight = height / (double) (look.rows() * spec.channels().size());
        paper = new byte[width * height];
        Arrays.fill(paper, (byte) Grid.WHITE);
        if (look.grid()) {
            drawGrid();
        }
    }

    @Override
    public EegImage draw(float[][] microvolts, double[] rateHz) {
        var pixels = paper.clone();
        for (int channel = 0; channel < microvolts.length; channel++) {
            double mean = mean(microvolts[channel]);
            for (int row = 0; row < look.rows(); row++) {
                drawRow(pixels, row, channel, microvolts[channel], mean, rateHz[channel]);
            }
        }
        return EegImage.grey(width, height, pixels);
    }

    @Override
    public EegImage blank() {
        return EegImage.grey(width, height, paper.clone());
    }

    private void drawRow(byte[] pixels, int row, int channel, float[] samples, double mean, double rateHz) {
        int fold = subcolumns(rowSeconds * rateHz / width);
        double radius = fold * look.lineWidth() / 2;
        var stroke = new Stroke(width * fold, (int) radius);
        double perSample = width * fold / (rowSeconds * rateHz);
        double factor = (look.negativeUp() ? 1 : -1) * FINE * lineHeight / 2 / look.microvolts(channel);
        double centre = FINE * (row * spec.channels().size() + channel + 0.5) * lineHeight;
        var scale = new Stroke.Scale(mean, factor, centre, FINE * lineHeight);
        // One sample beyond either end: the line then leaves the picture where the next row takes it up.
        int first = Math.max(0, (int) Math.floor(row * rowSeconds * rateHz));
        int last = Math.min(samples.length - 1, (int) Math.ceil((row + 1) * rowSeconds * rateHz));
        stroke.through(samples, first, last, scale, row * rowSeconds * rateHz, perSample);
        ink(pixels, stroke.widened(radius, fold, FINE * height - 1), row, fold);
    }

    /** A power of two, so that a share is a shift. */
    private static int subcolumns(double samplesPerPixel) {
        int count = LEAST_SUBCOLUMNS;
        while (2 * count < samplesPerPixel && count < MOST_SUBCOLUMNS) {
            count *= 2;
        }
        return count;
    }

    private void ink(byte[] pixels, Stroke.Extent extent, int row, int fold) {
        var growth = new int[height + 1];
        for (int x = 0; x < width; x++) {
            var darkness = isNeighbour(row, x) ? pale : black;
            if (fold == LEAST_SUBCOLUMNS) {
                inkTwo(pixels, x, extent.top(), extent.bottom(), darkness);
            } else {
                inkMany(pixels, x, extent, fold, darkness, growth);
            }
        }
    }

    /** The usual column: what of either sub-column is covered down to a pixel's end, less what was down to its begin. */
    private void inkTwo(byte[] pixels, int x, int[] tops, int[] bottoms, int[] darkness) {
        int top = tops[2 * x];
        int bottom = bottoms[2 * x];
        int nextTop = tops[2 * x + 1];
        int nextBottom = bottoms[2 * x + 1];
        int first = Math.min(top, nextTop) / FINE;
        int end = FINE + Math.max(bottom, nextBottom);
        int before = 0;
        for (int y = FINE * (first + 1), at = first * width + x; y < end; y += FINE, at += width) {
            int covered = Math.max(0, Math.min(bottom, y) - top) + Math.max(0, Math.min(nextBottom, y) - nextTop);
            pixels[at] = inked(pixels[at], darkness[(covered - before) >> 1]);
            before = covered;
        }
    }

    /**
     * From the top of a column: where a sub-column begins, the covered share of this pixel and of the next one grows, to its
     * full width; where it ends, the share falls the same way.
     *
     * @param growth zeros, before and after
     */
    private void inkMany(byte[] pixels, int x, Stroke.Extent extent, int fold, int[] darkness, int[] growth) {
        int top = FINE * height;
        int bottom = 0;
        for (int k = x * fold; k < (x + 1) * fold; k++) {
            int from = extent.top()[k];
            int to = extent.bottom()[k];
            if (from < to) {
                top = Math.min(top, from);
                bottom = Math.max(bottom, to);
                grow(growth, from, 1);
                grow(growth, to, -1);
            }
        }
        int shift = Integer.numberOfTrailingZeros(fold);
        int covered = 0;
        int end = (bottom + FINE - 1) / FINE;
        for (int y = top / FINE, at = y * width + x; y < end; y++, at += width) {
            covered += growth[y];
            growth[y] = 0;
            pixels[at] = inked(pixels[at], darkness[covered >> shift]);
        }
        growth[end] = 0;
    }

    private static void grow(int[] growth, int height, int sign) {
        int inNext = height % FINE;
        growth[height / FINE] += sign * (FINE - inNext);
        growth[height / FINE + 1] += sign * inNext;
    }

    private static byte inked(byte pixel, int darkness) {
        return (byte) (((pixel & 0xFF) * darkness + OPAQUE / 2) >> 16);
    }

    private boolean isNeighbour(int row, int x) {
        if (look.neighbours() == 0) {
            return false;
        }
        double epoch = (row + (x + 0.5) / width) / look.rows() * spec.epochsShown();
        return (int) epoch != look.neighbours();
    }

    private void drawGrid() {
        double rowHeight = height / (double) look.rows();
        for (int second = 1; second < spec.shownSeconds(); second++) {
            int row = (int) (second / rowSeconds);
            int x = Math.min(width - 1, (int) Math.round(width * (second / rowSeconds - row) - 0.5));
            int end = (int) Math.round((row + 1) * rowHeight);
            for (int y = (int) Math.round(row * rowHeight); y < end; y++) {
                paper[y * width + x] = (byte) Grid.grey(second);
            }
        }
    }

    private static double mean(float[] samples) {
        double sum = 0;
        int count = 0;
        for (float sample : samples) {
            if (!Float.isNaN(sample)) {
                sum += sample;
                count++;
            }
        }
        return sum / Math.max(1, count);
    }

    /** By what a pixel is multiplied whose covered share is 0/256 … 256/256. */
    private static int[] ink(double darkness) {
        var factors = new int[FINE + 1];
        for (int share = 0; share <= FINE; share++) {
            factors[share] = (int) Math.round(OPAQUE * (1 - darkness * share / FINE));
        }
        return factors;
    }
}
