package org.eegvlm.eval;

import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.score.Scores;

/** The confusion matrix: counts, and how much of each true stage they are. */
final class ConfusionTable {

    private ConfusionTable() {}

    static String html(Scores.Figures figures) {
        var html = new StringBuilder("""
                <section>
                <h2>Scorer against model</h2>
                <p>Each row is a stage that the scorer saw; the columns tell what the model said instead. \
                Percentages are of the row.</p>
                <div class="chart"><table class="confusion">
                <thead><tr><th scope="col">Scorer</th>""");
        for (var stage : SleepStage.values()) {
            html.append("<th scope=\"col\">%s</th>".formatted(stage.label()));
        }
        html.append("<th scope=\"col\">Unreadable</th><th scope=\"col\">Epochs</th><th scope=\"col\">Precision</th>"
                + "<th scope=\"col\">F1</th></tr></thead>\n<tbody>\n");
        for (var truth : SleepStage.values()) {
            html.append(row(figures, truth));
        }
        return html.append("</tbody></table></div>\n</section>").toString();
    }

    private static String row(Scores.Figures figures, SleepStage truth) {
        var matrix = figures.confusion();
        int all = matrix.support(truth);
        var html = new StringBuilder("<tr><th scope=\"row\">%s</th>".formatted(StageLook.chip(truth)));
        for (var answer : SleepStage.values()) {
            html.append(cell(matrix.count(truth, answer), all, answer == truth ? "right" : "wrong"));
        }
        html.append(cell(matrix.unreadable(truth), all, "wrong"));
        html.append("<td>%s</td><td>%s</td><td>%s</td></tr>\n"
                .formatted(all, Html.figure(matrix.precision(truth), 2), Html.figure(matrix.f1(truth), 2)));
        return html.toString();
    }

    private static String cell(int count, int all, String kind) {
        double share = all == 0 ? 0 : count / (double) all;
        return "<td class=\"%s\" style=\"--share:%s\">%s<small>%s</small></td>"
                .formatted(kind, Html.figure(share, 2), count, all == 0 ? "–" : Html.percent(share));
    }
}
