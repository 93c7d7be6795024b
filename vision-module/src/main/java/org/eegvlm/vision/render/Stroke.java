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

    /** Where a sample is drawn: {@code centre + factor (sample - mean)}, no further than {@code most} from the centre. */
    record Scale(double mean, double factor, double centre, double most) {
        double height(float sample) {
            double away = factor * (sample - mean);
            return centre + (away > most ? most : away < -most ? -most : away); // NaN stays
        }
    }

    /**
     * Draws through samples at equal distances; not to and from those that are no numbers.
     *
     * @param first the first sample that is drawn
     * @param last the last one
     * @param offset how many samples there are before the left edge
     * @param step from sample to sample, in sub-columns
     */
    void through(float[] samples, int first, int last, Scale scale, double offset, double step) {
        double fromX = 0;
        double fromY = Double.NaN;
        int column = 0;
        int low = NOWHERE;
        int high = -NOWHERE;
        for (int i = first; i <= last; i++) {
            double x = (i - offset) * step;
            double y = scale.height(samples[i]);
            double slope = (y - fromY) / (x - fromX);
            if (x >= 0 && fromX < subcolumns && !Double.isNaN(slope)) {
                if (low > high) { // the pen comes down
                    column = Math.max(-1, (int) Math.floor(fromX));
                    int start = (int) (column < fromX ? fromY : fromY + slope * (column - fromX));
                    low = Math.min(start, least[column + margin]); // it may have gone up in this sub-column
                    high = Math.max(start, most[column + margin]);
                }
                for (int to = Math.min(subcolumns, (int) x); column < to; column++) {
                    int edge = (int) (fromY + slope * (column + 1 - fromX));
                    least[column + margin] = Math.min(low, edge);
                    most[column + margin] = Math.max(high, edge);
                    low = edge;
                    high = edge;
                }
                low = Math.min(low, (int) y);
                high = Math.max(high, (int) y);
            } else {
                end(column, low, high);
                low = NOWHERE;
                high = -NOWHERE;
            }
            fromX = x;
            fromY = y;
        }
        end(column, low, high);
    }

    /** Where the pen goes up, if it was down. */
    private void end(int column, int low, int high) {
        if (low <= high) {
            least[column + margin] = low;
            most[column + margin] = high;
        }
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
