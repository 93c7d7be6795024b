package org.eegvlm.eval;

import java.time.Duration;
import java.util.Locale;
import org.eegvlm.core.chart.Svg;

/**
 * Where the epochs of a night stand from left to right; shared by all panels of a night.
 *
 * @param first the first epoch shown
 * @param end one past the last
 */
record TimeAxis(double left, double right, int first, int end, Duration epochLength) {

    static final int HEIGHT = 26;

    private static final double LEFT = 44;
    private static final double RIGHT_MARGIN = 24;
    private static final int MOST_TICKS = 12;
    private static final int[] TICK_MINUTES = {1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440};

    static TimeAxis of(AnsweredNight night, int width) {
        int first = night.epochs().get(0).index();
        int end = night.epochs().get(night.epochs().size() - 1).index() + 1;
        return new TimeAxis(LEFT, width - RIGHT_MARGIN, first, end, night.epochLength());
    }

    /** Where the epoch starts. */
    double x(double epoch) {
        return left + (epoch - first) / (end - first) * (right - left);
    }

    /** Draws ticks with the time since the recording's start. */
    void draw(Svg svg, double y) {
        double epochMinutes = epochLength.toMillis() / 60_000.0;
        double shown = (end - first) * epochMinutes;
        int step = TICK_MINUTES[0];
        for (int i = 0; i < TICK_MINUTES.length && shown / step > MOST_TICKS; i++) {
            step = TICK_MINUTES[i];
        }
        svg.line(left, y, right, y, "axis");
        int from = (int) Math.ceil(first * epochMinutes / step) * step;
        for (int minute = from; minute <= end * epochMinutes; minute += step) {
            double x = x(minute / epochMinutes);
            svg.line(x, y, x, y + 4, "axis");
            svg.text(x, y + 16, "middle", String.format(Locale.ROOT, "%d:%02d h", minute / 60, minute % 60));
        }
    }
}
