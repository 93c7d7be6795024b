package org.eegvlm.vision.explain;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.chart.Svg;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.RenderSpec;

/** The picture of an epoch, and over it which seconds spoke for the stage and which against it. */
final class Overlay {

    private static final double SCALE = 2.5;
    private static final int LEFT = 44;
    private static final int TOP = 60;
    private static final int MARGIN = 20;
    private static final int FOOT = 84;

    private static final String FOR = "#d55e00";
    private static final String AGAINST = "#0072b2";
    private static final double STRONGEST = 0.5;

    /** Narrower shares of a row come from rounding. */
    private static final double NARROWEST = 1e-9;

    private static final int LEGEND_STEPS = 10;
    private static final int LEGEND_STEP = 14;

    private final EpochRecord epoch;
    private final EegImage image;
    private final RenderSpec spec;
    private final Explanation explanation;
    private final double largest;

    Overlay(EpochRecord epoch, EegImage image, RenderSpec spec, Explanation explanation) {
        this.epoch = epoch;
        this.image = image;
        this.spec = spec;
        this.explanation = explanation;
        largest = Math.max(
                1e-9, Arrays.stream(explanation.weight()).map(Math::abs).max().orElse(0));
    }

    /** A file of its own. */
    String svg() {
        double width = SCALE * image.width();
        double height = SCALE * image.height();
        var svg = new Svg((int) (LEFT + width + MARGIN), (int) (TOP + height + FOOT), "Where the encoder looked");
        svg.text(LEFT, 22, "start", headline());
        svg.text(LEFT, 42, "start", "%s%s".formatted(epoch.id(), epoch.simulated() ? " (simulated)" : ""));
        svg.picture(
                LEFT,
                TOP,
                width,
                height,
                "data:image/png;base64," + Base64.getEncoder().encodeToString(image.png()));
        stretches(svg, width, height);
        seconds(svg, width, height);
        legend(svg, TOP + height + 36);
        return svg.file();
    }

    private String headline() {
        var says = "The encoder says %s, %s"
                .formatted(explanation.stage().label(), Html.percent(explanation.probability()));
        Optional<SleepStage> scored = epoch.stage();
        return scored.map(stage -> says + "; the scorer said " + stage.label()).orElse(says);
    }

    private void stretches(Svg svg, double width, double height) {
        for (int bin = 0; bin < explanation.weight().length; bin++) {
            for (int row = 0; row < spec.rows(); row++) {
                stretch(svg, bin, row, width, height);
            }
        }
    }

    /** The part of a stretch that lies in this row, if any: rows need not end where stretches do. */
    private void stretch(Svg svg, int bin, int row, double width, double height) {
        double rowHeight = height / spec.rows();
        double left = share(bin * explanation.binSeconds(), row);
        double right = share((bin + 1) * explanation.binSeconds(), row);
        if (right - left < NARROWEST) {
            return;
        }
        double strength = explanation.weight()[bin] / largest;
        svg.area(
                LEFT + left * width,
                TOP + row * rowHeight,
                (right - left) * width,
                rowHeight,
                strength > 0 ? FOR : AGAINST,
                STRONGEST * Math.abs(strength));
    }

    /** Where in a row a second lies, from 0 to 1; before or behind the row at its end. */
    private double share(double second, int row) {
        double rowSeconds = spec.epochSeconds() / spec.rows();
        return Math.max(0, Math.min(1, (second - row * rowSeconds) / rowSeconds));
    }

    /** Each line of the picture is named by the second it starts with. */
    private void seconds(Svg svg, double width, double height) {
        int rows = spec.rows();
        for (int row = 0; row < rows; row++) {
            var second = Html.figure(row * spec.epochSeconds() / rows, 0) + " s";
            svg.text(LEFT - 6, TOP + (row + 0.5) * height / rows + 4, "end", second);
        }
    }

    private void legend(Svg svg, double y) {
        double middle = LEFT + LEGEND_STEPS * LEGEND_STEP;
        for (int step = -LEGEND_STEPS; step < LEGEND_STEPS; step++) {
            double share = (step + 0.5) / LEGEND_STEPS;
            var colour = share > 0 ? FOR : AGAINST;
            svg.area(middle + step * LEGEND_STEP, y - 12, LEGEND_STEP, 14, colour, STRONGEST * Math.abs(share));
        }
        var range = Html.figure(largest, 1);
        svg.text(LEFT, y + 16, "start", "against: \u2212" + range);
        svg.text(middle, y + 16, "middle", "0");
        svg.text(middle + LEGEND_STEPS * LEGEND_STEP, y + 16, "end", "for: +" + range);
        var caption = "what hiding a second takes from the log-odds of ";
        svg.text(LEFT, y + 36, "start", caption + explanation.stage().label());
    }
}
