package org.eegvlm.eval;

import org.eegvlm.core.chart.Html;
import org.eegvlm.core.score.Scores;

/** The figures of each subject: a model that is good on average may fail one person. */
final class SubjectTable {

    private SubjectTable() {}

    static String html(Scores scores) {
        var html = new StringBuilder("""
                <section>
                <h2>Subject by subject</h2>
                <div class="chart"><table>
                <thead><tr><th scope="col">Subject</th><th scope="col">Epochs</th><th scope="col">κ</th>\
                <th scope="col">Accuracy</th><th scope="col">Macro-F1</th><th scope="col">Unreadable</th></tr></thead>
                <tbody>
                """);
        scores.subjects().forEach((subject, figures) -> html.append(row(Html.escape(subject), figures)));
        html.append("</tbody>\n<tfoot>").append(row("All", scores.overall())).append("</tfoot></table></div>\n");
        return html.append("</section>").toString();
    }

    private static String row(String name, Scores.Figures figures) {
        return "<tr><th scope=\"row\">%s</th><td>%s</td>%s<td>%s</td><td>%s</td><td>%s</td></tr>\n"
                .formatted(
                        name,
                        figures.n(),
                        kappa(figures.kappa()),
                        Html.percent(figures.accuracy()),
                        Html.figure(figures.macroF1(), 2),
                        figures.unreadable());
    }

    private static String kappa(double kappa) {
        return "<td class=\"bar-cell\" style=\"--share:%s\">%s</td>"
                .formatted(Html.figure(Math.max(0, kappa), 2), Html.figure(kappa, 2));
    }
}
