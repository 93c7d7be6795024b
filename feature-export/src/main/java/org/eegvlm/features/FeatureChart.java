package org.eegvlm.features;

import java.util.List;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.chart.Svg;

/** The drawing of a {@link FeatureMap}. */
final class FeatureChart {

    private static final int SIDE = 400;
    private static final int LEFT = 48;
    private static final int TOP = 40;
    private static final int GAP = 24;
    private static final int LEGEND = 92;
    private static final int FOOT = 48;
    private static final double PADDING = 12;

    private final List<FeatureMap.Panel> panels;
    private final PrincipalPlane plane;
    private final double[] least = {Double.MAX_VALUE, Double.MAX_VALUE};
    private final double[] most = {-Double.MAX_VALUE, -Double.MAX_VALUE};

    FeatureChart(List<FeatureMap.Panel> panels, PrincipalPlane plane) {
        this.panels = panels;
        this.plane = plane;
        for (var panel : panels) {
            for (var row : panel.rows()) {
                var place = plane.project(row);
                for (int axis = 0; axis < 2; axis++) {
                    least[axis] = Math.min(least[axis], place[axis]);
                    most[axis] = Math.max(most[axis], place[axis]);
                }
            }
        }
    }

    String svg() {
        int width = LEFT + panels.size() * (SIDE + GAP) + LEGEND;
        var svg = new Svg(width, TOP + SIDE + FOOT, "Features by sleep stage");
        for (int n = 0; n < panels.size(); n++) {
            draw(svg, panels.get(n), LEFT + n * (SIDE + GAP));
        }
        svg.text(14, TOP + SIDE + 30, "start", "up: second component, %s of the variance".formatted(share(1)));
        legend(svg, width - LEGEND);
        return svg.file();
    }

    private void draw(Svg svg, FeatureMap.Panel panel, double left) {
        frame(svg, left);
        svg.text(left, TOP - 12, "start", "%s, %s".formatted(panel.title(), Html.count(panel.rows().length, "row")));
        for (int n = 0; n < panel.rows().length; n++) {
            var place = plane.project(panel.rows()[n]);
            double x = left + PADDING + (SIDE - 2 * PADDING) * part(place, 0);
            double y = TOP + SIDE - PADDING - (SIDE - 2 * PADDING) * part(place, 1);
            svg.dot(x, y, 2.5, colour(panel.stages().get(n)), 0.6);
        }
        svg.text(left + SIDE, TOP + SIDE + 16, "end", "right: first component, %s of the variance".formatted(share(0)));
    }

    private static void frame(Svg svg, double left) {
        svg.line(left, TOP, left, TOP + SIDE, "axis");
        svg.line(left, TOP + SIDE, left + SIDE, TOP + SIDE, "axis");
    }

    private void legend(Svg svg, double left) {
        var stages = SleepStage.values();
        for (int n = 0; n < stages.length; n++) {
            svg.dot(left + 6, TOP + 16 + 20 * n, 5, colour(stages[n]), 1);
            svg.text(left + 18, TOP + 20 + 20 * n, "start", stages[n].label());
        }
    }

    /** Okabe and Ito's, told apart by colour-blind readers too; as in the reports. */
    private static String colour(SleepStage stage) {
        return switch (stage) {
            case WAKE -> "#e69f00";
            case REM -> "#c05a94";
            case N1 -> "#7cc4ee";
            case N2 -> "#0072b2";
            case N3 -> "#14285a";
        };
    }

    private double part(double[] place, int axis) {
        return (place[axis] - least[axis]) / Math.max(most[axis] - least[axis], Double.MIN_NORMAL);
    }

    private String share(int axis) {
        return Html.percent(plane.shares()[axis]);
    }
}
