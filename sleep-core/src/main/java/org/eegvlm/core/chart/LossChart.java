package org.eegvlm.core.chart;

import java.util.List;

/** The loss of the fine-tuning, step by step, and its running mean. */
public final class LossChart {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 240;
    private static final double LEFT = 44;
    private static final double RIGHT = WIDTH - 24;
    private static final double TOP = 8;
    private static final double BOTTOM = HEIGHT - 26;
    private static final double MEMORY = 0.9;
    private static final int MOST_TICKS = 8;

    private LossChart() {}

    /** To stand in a page. */
    public static String inPage(List<LossPoint> points) {
        return chart(points).inPage();
    }

    /** To be a file of its own. */
    public static String file(List<LossPoint> points) {
        return chart(points).file();
    }

    /** Where the running mean of the loss ends. */
    public static double lastMean(List<LossPoint> points) {
        return runningMeans(points)[points.size() - 1];
    }

    private static Svg chart(List<LossPoint> points) {
        int steps = points.get(points.size() - 1).step();
        double most = points.stream().mapToDouble(LossPoint::loss).max().orElseThrow();
        double lossTick = tick(most);
        double ceiling = Math.max(lossTick, Math.ceil(most / lossTick) * lossTick);
        var svg = new Svg(WIDTH, HEIGHT, "Loss of the fine-tuning by step");
        for (int i = 0; i * lossTick <= ceiling * 1.001; i++) {
            double y = y(i * lossTick, ceiling);
            svg.line(LEFT, y, RIGHT, y, "grid");
            svg.text(LEFT - 8, y + 4, "end", Html.figure(i * lossTick, lossTick < 0.1 ? 2 : 1));
        }
        double stepTick = Math.max(1, tick(steps));
        for (double step = stepTick; step <= steps; step += stepTick) {
            svg.text(x(step, steps), HEIGHT - 8, "middle", Html.figure(step, 0));
        }
        svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis");
        var raw = points.stream().mapToDouble(LossPoint::loss).toArray();
        svg.path(curve(points, raw, steps, ceiling), "raw");
        svg.path(curve(points, runningMeans(points), steps, ceiling), "mean");
        return svg;
    }

    private static String curve(List<LossPoint> points, double[] values, int steps, double ceiling) {
        var d = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            d.append(i == 0 ? "M" : "L")
                    .append(Svg.n(x(points.get(i).step(), steps)))
                    .append(' ')
                    .append(Svg.n(y(values[i], ceiling)));
        }
        return d.toString();
    }

    /** Exponential means, freed of the start's bias as Adam does it. */
    private static double[] runningMeans(List<LossPoint> points) {
        var means = new double[points.size()];
        double mean = 0;
        double weight = 1;
        for (int i = 0; i < means.length; i++) {
            mean = MEMORY * mean + (1 - MEMORY) * points.get(i).loss();
            weight *= MEMORY;
            means[i] = mean / (1 - weight);
        }
        return means;
    }

    /** A round distance between ticks: 1, 2 or 5 times a power of ten. */
    private static double tick(double range) {
        double least = Math.max(range, 1e-6) / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static double x(double step, int steps) {
        return LEFT + step / Math.max(1, steps) * (RIGHT - LEFT);
    }

    private static double y(double loss, double ceiling) {
        return BOTTOM - loss / ceiling * (BOTTOM - TOP);
    }
}
