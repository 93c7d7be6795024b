package org.eegvlm.eval;

import org.eegvlm.core.chart.Html;
import org.eegvlm.core.chart.Svg;

/** One night: what the scorer saw, what the model said, where they differ, and how sure the model was. */
final class NightSection {

    private static final int WIDTH = 960;
    private static final int CAPTION = 18;
    private static final int GAP = 14;

    private NightSection() {}

    static String html(AnsweredNight night) {
        return """
                <section class="night">
                <h2>Night %s <small>subject %s, %s</small></h2>
                <p>%s</p>
                <div class="chart">%s</div>
                </section>""".formatted(
                        Html.escape(night.night()),
                        Html.escape(night.subject()),
                        night.simulated() ? "simulated" : "recorded",
                        summary(night),
                        chart(night));
    }

    private static String summary(AnsweredNight night) {
        var epochs = Html.count(night.epochs().size(), "epoch");
        if (!night.scored()) {
            return epochs + "; nobody scored this night, so there is nothing to compare the answers with.";
        }
        long scored = night.count(epoch -> epoch.truth().isPresent());
        long differ = night.count(AnsweredNight.Epoch::disagrees);
        long unreadable = night.count(epoch -> epoch.answered().isEmpty());
        return "%s. The model agrees with the scorer in %s of %s (%s); %s unreadable."
                .formatted(
                        epochs,
                        scored - differ,
                        scored,
                        Html.percent((scored - differ) / (double) scored),
                        Html.count(unreadable, "answer"));
    }

    private static String chart(AnsweredNight night) {
        var axis = TimeAxis.of(night, WIDTH);
        int panel = CAPTION + HypnogramPanel.HEIGHT + GAP;
        int strips = CAPTION + DisagreementStrip.HEIGHT + GAP;
        int density = CAPTION + HypnodensityPanel.HEIGHT + GAP;
        int height = panel + (night.scored() ? panel + strips : 0) + (night.hasProbabilities() ? density : 0);
        var svg = new Svg(WIDTH, height + TimeAxis.HEIGHT, "Hypnogram of night " + night.night());
        double y = 0;
        if (night.scored()) {
            svg.text(axis.left(), y + CAPTION - 6, "start", "Scorer");
            HypnogramPanel.draw(svg, axis, y + CAPTION, night, AnsweredNight.Epoch::truth);
            y += panel;
        }
        svg.text(axis.left(), y + CAPTION - 6, "start", "Model");
        HypnogramPanel.draw(svg, axis, y + CAPTION, night, AnsweredNight.Epoch::answered);
        y += panel;
        if (night.scored()) {
            svg.text(axis.left(), y + CAPTION - 6, "start", "Where they differ");
            DisagreementStrip.draw(svg, axis, y + CAPTION, night);
            y += strips;
        }
        if (night.hasProbabilities()) {
            svg.text(axis.left(), y + CAPTION - 6, "start", "Probability of each stage, from the model");
            HypnodensityPanel.draw(svg, axis, y + CAPTION, night);
            y += density;
        }
        axis.draw(svg, y - GAP + 4);
        return svg.inPage();
    }
}
