package org.eegvlm.vision.render;

import java.util.Arrays;

/**
 * A polyline that runs from left to right, as the lowest and the highest point it reaches in each sub-column. Heights are
 * whole numbers of 1/{@value #FINE} pixel.
 */
final class Stroke {

    static final int FINE = 256;

    /** Far outside of any picture, and far from where whole numbers end. */
    private static final int NOWHERE = 1 << 28;

    private final int subcolumns;
    private final int margin;
    private final int[] least;
    private final int[] most;

    /** @param reach how many sub-columns the pen is wide, to either side */
    Stroke(int subcolumns, int reach) {
        this.subcolumns = subcolumns;
        margin = reach + 1; // a line may end in the sub-column after the last
        least = new int[subcolumns + 2 * margin];
        most = new int[least.length];
        Arrays.fill(least, NOWHERE);
        Arrays.fill(most, -NOWHERE);
    }

    /** What a pen covers in each sub-column; nothing where top is not above bottom. */
    record Extent(int[] top, int[] bottom) {}

    /**
     * Draws through points at equal distances; not to and from those whose height is not a number.
     *
     * @param first how many points there are before the first one
     * @param offset how many there are before the left edge
     * @param step from point to point, in sub-columns
     */
    void through(double[] heights, int first, double offset, double step) {
        double fromX = 0;
        double fromY = Double.NaN;
        int column = 0;
        int low = NOWHERE;
        int high = -NOWHERE;
        for (int i = 0; i < heights.length; i++) {
            double x = (first + i - offset) * step;
            double y = heights[i];
            if (x >= 0 && fromX < subcolumns && !Double.isNaN(fromY) && !Double.isNaN(y)) {
                double slope = (y - fromY) / (x - fromX);
                if (low > high) { // the pen comes down
                    column = Math.max(-1, (int) Math.floor(fromX));
                    low = (int) (column < fromX ? fromY : fromY + slope * (column - fromX));
                    high = low;
                }
                for (int last = Math.min(subcolumns, (int) x); column < last; column++) {
                    int edge = (int) (fromY + slope * (column + 1 - fromX));
                    reach(column, Math.min(low, edge), Math.max(high, edge));
                    low = edge;
                    high = edge;
                }
                low = Math.min(low, (int) y);
                high = Math.max(high, (int) y);
            } else {
                reach(column, low, high);
                low = NOWHERE;
                high = -NOWHERE;
            }
            fromX = x;
            fromY = y;
        }
        reach(column, low, high);
    }

    private void reach(int column, int low, int high) {
        int at = column + margin;
        least[at] = Math.min(least[at], low);
        most[at] = Math.max(most[at], high);
    }

    /**
     * Widens the line to a round pen's.
     *
     * @param radius in sub-columns; less than its reach plus one
     * @param fold sub-columns a pixel
     * @param end where the picture ends, below
     */
    Extent widened(double radius, int fold, int end) {
        var extent = new Extent(new int[subcolumns], new int[subcolumns]);
        Arrays.fill(extent.top, NOWHERE);
        for (int shift = 1; shift < 2 * margin; shift++) {
            int beside = shift - margin;
            int pen = (int) Math.rint(FINE * Math.sqrt(radius * radius - beside * beside) / fold);
            for (int k = 0; k < subcolumns; k++) {
                extent.top[k] = Math.max(0, Math.min(extent.top[k], least[k + shift] - pen));
                extent.bottom[k] = Math.min(end, Math.max(extent.bottom[k], most[k + shift] + pen));
            }
        }
        return extent;
    }
}
