package org.eegvlm.eval;

import org.eegvlm.core.chart.Svg;

/** One mark for each epoch in which the model did not say what the scorer said. */
final class DisagreementStrip {

    static final int HEIGHT = 10;

    private DisagreementStrip() {}

    static void draw(Svg svg, TimeAxis axis, double top, AnsweredNight night) {
        svg.line(axis.left(), top + HEIGHT / 2.0, axis.right(), top + HEIGHT / 2.0, "grid");
        var marks = new StringBuilder();
        for (var epoch : night.epochs()) {
            if (epoch.disagrees()) {
                marks.append("M%s %sH%sV%sH%sZ"
                        .formatted(
                                Svg.n(axis.x(epoch.index())),
                                Svg.n(top),
                                Svg.n(axis.x(epoch.index() + 1)),
                                Svg.n(top + HEIGHT),
                                Svg.n(axis.x(epoch.index()))));
            }
        }
        svg.path(marks.toString(), "differ");
    }
}
