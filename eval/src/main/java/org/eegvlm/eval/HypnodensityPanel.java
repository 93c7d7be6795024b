package org.eegvlm.eval;

import java.util.Map;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Svg;

/** A hypnodensity graph (Stephansen et al. 2018): the probabilities of the stages, stacked, over time; Wake on top. */
final class HypnodensityPanel {

    static final int HEIGHT = 72;

    private HypnodensityPanel() {}

    static void draw(Svg svg, TimeAxis axis, double top, AnsweredNight night) {
        svg.text(axis.left() - 8, top + 8, "end", "1");
        svg.text(axis.left() - 8, top + HEIGHT, "end", "0");
        // Each stage's area reaches to the floor; the next one covers what is not its own.
        for (int row = 0; row < StageLook.FROM_TOP.size(); row++) {
            svg.path(area(axis, top, night, row), "area " + StageLook.cssClass(StageLook.FROM_TOP.get(row)));
        }
    }

    private static String area(TimeAxis axis, double top, AnsweredNight night, int row) {
        var d = new StringBuilder();
        double floor = top + HEIGHT;
        int end = -1;
        for (var epoch : night.epochs()) {
            if (epoch.probabilities().isPresent()) {
                if (epoch.index() != end) {
                    d.append(d.isEmpty() ? "" : "V" + Svg.n(floor) + "Z");
                    d.append("M%s %s".formatted(Svg.n(axis.x(epoch.index())), Svg.n(floor)));
                }
                double y = floor - HEIGHT * upTo(epoch.probabilities().get(), row);
                end = epoch.index() + 1;
                d.append("V%sH%s".formatted(Svg.n(y), Svg.n(axis.x(end))));
            }
        }
        return d.isEmpty() ? "" : d.append("V").append(Svg.n(floor)).append("Z").toString();
    }

    /** The probability of this row's stage and of all below it. */
    private static double upTo(Map<String, Double> probabilities, int row) {
        double sum = 0;
        for (SleepStage stage : StageLook.FROM_TOP.subList(row, StageLook.FROM_TOP.size())) {
            sum += probabilities.getOrDefault(stage.label(), 0.0);
        }
        return Math.max(0, Math.min(1, sum));
    }
}
