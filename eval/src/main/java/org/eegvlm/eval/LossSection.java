package org.eegvlm.eval;

import java.util.List;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.chart.LossChart;
import org.eegvlm.core.chart.LossPoint;

/** The loss of the fine-tuning, step by step, and its running mean. */
final class LossSection {

    private LossSection() {}

    static String html(List<LossPoint> points) {
        if (points.isEmpty()) {
            return "";
        }
        return """
                <section>
                <h2>Fine-tuning</h2>
                <p>Loss over %s, from %s to %s (running mean); grey is each step by itself.</p>
                <div class="chart">%s</div>
                </section>""".formatted(
                        Html.count(points.get(points.size() - 1).step(), "step"),
                        Html.figure(points.get(0).loss(), 2),
                        Html.figure(LossChart.lastMean(points), 2),
                        LossChart.inPage(points));
    }
}
