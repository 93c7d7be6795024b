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

    /** @param margin how many sub-columns the pen is wide, to either side */
    Stroke(int subcolumns, int margin) {
        this.subcolumns = subcolumns;
        this.margin = margin;
        least = new int[subcolumns + 2 * margin];
        most = new int[least.length];
        Arrays.fill(least, NOWHERE);
        Arrays.fill(most, -NOWHERE);
    }

    /** What a pen covers in each sub-column; nothing where top is not above bottom. */
    record Extent(int[] top, int[] bottom) {}

    /** Draws from a point to one further right; does nothing where either is not a number. */
    void to(double fromX, double fromY, double x, double y) {
        if (!(x >= 0 && fromX < subcolumns) || Double.isNaN(fromY) || Double.isNaN(y)) {
            return;
        }
        int first = Math.max(-1, (int) Math.floor(fromX));
        int last = Math.min(subcolumns, (int) x);
        double slope = (y - fromY) / (x - fromX);
        int before = (int) (first < fromX ? fromY : fromY + slope * (first - fromX));
        for (int k = first; k < last; k++) {
            int edge = (int) (fromY + slope * (k + 1 - fromX));
            reach(k, before, edge);
            before = edge;
        }
        reach(last, before, (int) y);
    }

    private void reach(int k, int from, int to) {
        int at = k + margin;
        if (at >= 0 && at < least.length) {
            least[at] = Math.min(least[at], Math.min(from, to));
            most[at] = Math.max(most[at], Math.max(from, to));
        }
    }

    /**
     * Widens the line to a round pen's.
     *
     * @param radius in sub-columns; less than the margin plus one
     * @param fold sub-columns a pixel
     */
    Extent widened(double radius, int fold) {
        var extent = new Extent(new int[subcolumns], new int[subcolumns]);
        Arrays.fill(extent.top, NOWHERE);
        Arrays.fill(extent.bottom, -NOWHERE);
        for (int beside = -margin; beside <= margin; beside++) {
            int pen = (int) Math.rint(FINE * Math.sqrt(radius * radius - beside * beside) / fold);
            int shift = margin + beside;
            for (int k = 0; k < subcolumns; k++) {
                extent.top[k] = Math.min(extent.top[k], least[k + shift] - pen);
                extent.bottom[k] = Math.max(extent.bottom[k], most[k + shift] + pen);
            }
        }
        return extent;
    }
}
