package org.eegvlm.vision.render;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;

/**
 * How a signal is drawn over time.
 *
 * @param rows into how many lines of equal duration the time that is shown is wrapped
 * @param microvolts what half the height of a line stands for: one value for all channels, or one for each. Fixed,
 *     because amplitude tells stages apart
 * @param lineWidth in pixels
 * @param grid whether faint lines mark every second, and less faint ones every fifth
 * @param negativeUp whether negative is drawn upwards, as electroencephalographers are used to
 * @param neighbours how many epochs before and after are drawn too, in a paler ink
 */
public record WaveformLook(
        int rows, List<Double> microvolts, double lineWidth, boolean grid, boolean negativeUp, int neighbours) {

    static final int MOST_NEIGHBOURS = 4;

    /** Six lines of 5 s, thin, so that a cycle of alpha has more than four pixels. */
    public static final WaveformLook DEFAULT = new WaveformLook(6, List.of(60.0), 0.67, true, false, 0);

    public WaveformLook {
        microvolts = List.copyOf(microvolts);
        require(1 <= rows && rows <= 60, "rows must be in 1..60, were %d", rows);
        require(!microvolts.isEmpty(), "name a half-scale in microvolts");
        require(
                microvolts.stream().allMatch(scale -> scale > 0 && Double.isFinite(scale)),
                "half-scales must be positive, were %s uV",
                microvolts);
        require(0.25 <= lineWidth && lineWidth <= 8, "line width must be in 0.25..8 pixels, was %s", lineWidth);
        require(
                0 <= neighbours && neighbours <= MOST_NEIGHBOURS,
                "neighbours must be in 0..%d, were %d",
                MOST_NEIGHBOURS,
                neighbours);
    }

    /** What half the height of a channel's line stands for. */
    double microvolts(int channel) {
        return microvolts.get(microvolts.size() == 1 ? 0 : channel);
    }

    public WaveformLook withRows(int count) {
        return new WaveformLook(count, microvolts, lineWidth, grid, negativeUp, neighbours);
    }

    public WaveformLook withMicrovolts(List<Double> scales) {
        return new WaveformLook(rows, scales, lineWidth, grid, negativeUp, neighbours);
    }

    public WaveformLook withLineWidth(double pixels) {
        return new WaveformLook(rows, microvolts, pixels, grid, negativeUp, neighbours);
    }

    public WaveformLook withGrid(boolean wanted) {
        return new WaveformLook(rows, microvolts, lineWidth, wanted, negativeUp, neighbours);
    }

    public WaveformLook withNegativeUp(boolean wanted) {
        return new WaveformLook(rows, microvolts, lineWidth, grid, wanted, neighbours);
    }

    public WaveformLook withNeighbours(int count) {
        return new WaveformLook(rows, microvolts, lineWidth, grid, negativeUp, count);
    }
}
