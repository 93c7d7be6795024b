package org.eegvlm.core.chart;

import java.util.List;
import java.util.Optional;

/** A training pass by pass: its loss, and κ on the subjects that validate it. */
public final class PassChart {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 240;
    private static final double LEFT = 44;
    private static final double RIGHT = WIDTH - 60;
    private static final double TOP = 24;
    private static final double BOTTOM = HEIGHT - 26;
    private static final int MOST_TICKS = 20;
    private static final int GRID_LINES = 4;

    /** @param kappa empty where nobody validates */
    public record Point(int pass, double loss, Optional<Double> kappa) {}

    private PassChart() {}

    /** To be a file of its own. */
    public static String file(List<Point> points) {
        int passes = points.get(points.size() - 1).pass();
        double most = points.stream().mapToDouble(Point::loss).max().orElseThrow();
        double ceiling = Math.max(0.5, Math.ceil(most * 2) / 2);
        var svg = new Svg(WIDTH, HEIGHT, "Loss and validation kappa by pass");
        for (int i = 0; i <= GRID_LINES; i++) {
            double share = i / (double) GRID_LINES;
            svg.line(LEFT, y(share), RIGHT, y(share), "grid");
            svg.text(LEFT - 8, y(share) + 4, "end", Html.figure(share * ceiling, 2));
            svg.text(RIGHT + 8, y(share) + 4, "start", Html.figure(share, 2));
        }
        int tick = Math.max(1, (passes + MOST_TICKS - 1) / MOST_TICKS);
        for (int pass = tick; pass <= passes; pass += tick) {
            svg.text(x(pass, passes), HEIGHT - 8, "middle", "" + pass);
        }
        svg.text(LEFT, TOP - 10, "start", "loss (thin)");
        svg.text(RIGHT, TOP - 10, "end", "κ (bold)");
        svg.path(losses(points, passes, ceiling), "raw");
        svg.path(kappas(points, passes), "mean");
        return svg.file();
    }

    private static String losses(List<Point> points, int passes, double ceiling) {
        var d = new StringBuilder();
        points.forEach(point -> add(d, x(point.pass(), passes), y(point.loss() / ceiling)));
        return d.toString();
    }

    /** A κ below 0 is drawn at 0. */
    private static String kappas(List<Point> points, int passes) {
        var d = new StringBuilder();
        points.forEach(point ->
                point.kappa().ifPresent(kappa -> add(d, x(point.pass(), passes), y(Math.max(0, kappa)))));
        return d.toString();
    }

    private static void add(StringBuilder d, double x, double y) {
        d.append(d.isEmpty() ? "M" : "L").append(Svg.n(x)).append(' ').append(Svg.n(y));
    }

    private static double x(int pass, int passes) {
        return LEFT + (passes == 1 ? 0.5 : (pass - 1.0) / (passes - 1)) * (RIGHT - LEFT);
    }

    private static double y(double share) {
        return BOTTOM - share * (BOTTOM - TOP);
    }
}
