package org.eegvlm.eval;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;

/** The top of the page: what this is, whose nights, and the figures that matter. */
final class ReportHeader {

    private ReportHeader() {}

    static String html(NightReportConfig config, List<Answer> answers, Optional<Scores> scores) {
        return """
                <header>
                <p class="chips">%s</p>
                <h1>%s</h1>
                <p class="lead">Answered by %s.%s</p>
                <dl class="figures">
                %s</dl>
                <p class="legend">%s</p>
                </header>""".formatted(
                origin(answers),
                Html.escape(config.title()),
                models(answers),
                config.notes().stream().map(note -> " " + Html.escape(note)).collect(Collectors.joining()),
                figures(answers, scores),
                legend());
    }

    private static String origin(List<Answer> answers) {
        long simulated =
                answers.stream().filter(answer -> answer.metadata().simulated()).count();
        if (simulated == 0) {
            return "<span class=\"chip\">recorded nights</span>";
        }
        return simulated == answers.size()
                ? "<span class=\"chip made\">simulated nights</span>"
                : "<span class=\"chip made\">simulated and recorded nights, mixed</span>";
    }

    private static String models(List<Answer> answers) {
        return answers.stream()
                .map(Answer::modelId)
                .distinct()
                .sorted()
                .map(model -> "<strong>" + Html.escape(model) + "</strong>")
                .collect(Collectors.joining(", "));
    }

    private static String figures(List<Answer> answers, Optional<Scores> scores) {
        var html = new StringBuilder();
        scores.map(Scores::overall).ifPresent(all -> {
            html.append(figure("Cohen’s κ", Html.figure(all.kappa(), 2), "agreement beyond chance"));
            html.append(figure("Accuracy", Html.percent(all.accuracy()), "of the scored epochs"));
            html.append(figure("Macro-F1", Html.figure(all.macroF1(), 2), "every stage counts the same"));
        });
        long unreadable = answers.stream()
                .filter(answer -> AnsweredNight.stage(answer).isEmpty())
                .count();
        html.append(figure(
                "Unreadable",
                Long.toString(unreadable),
                scores.isPresent() ? "answers; they count as wrong" : "answers that name no stage"));
        html.append(figure("Epochs", Integer.toString(answers.size()), "asked about"));
        long subjects = answers.stream()
                .map(answer -> answer.metadata().subject())
                .distinct()
                .count();
        html.append(figure("Subjects", Long.toString(subjects), Html.count(nights(answers), "night")));
        return html.toString();
    }

    private static long nights(List<Answer> answers) {
        return answers.stream()
                .map(answer ->
                        List.of(answer.metadata().subject(), answer.metadata().night()))
                .distinct()
                .count();
    }

    private static String figure(String name, String value, String explanation) {
        return "<div><dt>%s</dt><dd>%s<small>%s</small></dd></div>\n".formatted(name, value, explanation);
    }

    private static String legend() {
        return StageLook.FROM_TOP.stream().map(StageLook::chip).collect(Collectors.joining(" "));
    }
}
