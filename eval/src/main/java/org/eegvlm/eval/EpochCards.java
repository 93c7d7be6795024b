package org.eegvlm.eval;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Html;
import org.eegvlm.core.score.Answer;

/**
 * Three epochs as the model saw them, with what it said.
 *
 * <p>Not the best three: two of different stages on which model and scorer agree, and one on which they do not; of each
 * kind the one of which the model was surest. Without a scorer, three of different stages.
 */
final class EpochCards {

    private static final int CARDS = 3;
    private static final String SCORED =
            "Two agreements with the scorer and a disagreement, each the one of which the model was surest.";
    private static final String UNSCORED = "Different stages, each where the model was surest.";

    private EpochCards() {}

    static String html(List<Answer> answers, Pictures pictures, Duration untold) throws IOException {
        var cards = new StringBuilder();
        for (var answer : chosen(answers, pictures)) {
            cards.append(card(answer, pictures, AnsweredNight.epochLength(answer, untold)));
        }
        if (cards.isEmpty()) {
            return "";
        }
        boolean scored = answers.stream().anyMatch(answer -> answer.label().isPresent());
        return """
                <section>
                <h2>Three epochs</h2>
                <p>What the model saw and said. %s</p>
                <div class="cards">
                %s</div>
                </section>""".formatted(scored ? SCORED : UNSCORED, cards);
    }

    /** Chosen among those whose picture is there. */
    static List<Answer> chosen(List<Answer> answers, Pictures pictures) {
        var surestFirst = answers.stream()
                .filter(answer ->
                        answer.metadata().image().flatMap(pictures::find).isPresent())
                .sorted(Comparator.comparingDouble(EpochCards::confidence)
                        .reversed()
                        .thenComparing(Answer::questionId))
                .toList();
        var wrong = surestFirst.stream().filter(EpochCards::disagrees).limit(1).toList();
        var chosen = new ArrayList<Answer>();
        for (var answer : surestFirst) {
            boolean isNew = chosen.stream().noneMatch(other -> sameStage(other, answer));
            if (isNew && !disagrees(answer) && chosen.size() < CARDS - wrong.size()) {
                chosen.add(answer);
            }
        }
        chosen.addAll(wrong);
        surestFirst.stream()
                .filter(answer -> !chosen.contains(answer))
                .limit(CARDS - chosen.size())
                .toList()
                .forEach(chosen::add);
        return chosen;
    }

    private static double confidence(Answer answer) {
        return answer.metadata().probabilities().stream()
                .flatMap(probabilities -> probabilities.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    private static boolean disagrees(Answer answer) {
        return AnsweredNight.Epoch.of(answer).disagrees();
    }

    private static boolean sameStage(Answer one, Answer other) {
        return AnsweredNight.stage(one).equals(AnsweredNight.stage(other));
    }

    private static String card(Answer answer, Pictures pictures, Duration epochLength) throws IOException {
        var file = answer.metadata().image().flatMap(pictures::find).orElseThrow();
        var onset = epochLength.multipliedBy(answer.metadata().epoch());
        return """
                <article>
                <img src="%s" alt="EEG of epoch %s, as the model saw it">
                <h3>%s <small>%s h after the start</small></h3>
                <p>%s</p>
                <blockquote>%s</blockquote>
                %s</article>
                """.formatted(
                Pictures.dataUrl(file),
                Html.escape(answer.questionId()),
                Html.escape(answer.questionId()),
                String.format(
                        Locale.ROOT, "%d:%02d:%02d", onset.toHours(), onset.toMinutesPart(), onset.toSecondsPart()),
                verdict(answer),
                Html.escape(answer.text()),
                answer.metadata().probabilities().map(EpochCards::probabilities).orElse(""));
    }

    private static String verdict(Answer answer) {
        var model = AnsweredNight.stage(answer).map(StageLook::chip).orElse("<span class=\"stage\">unreadable</span>");
        var scorer = answer.label()
                .map(label -> " · Scorer " + StageLook.chip(label))
                .orElse("");
        var differ = disagrees(answer) ? " <strong class=\"differ\">they differ</strong>" : "";
        return "Model " + model + scorer + differ;
    }

    private static String probabilities(Map<String, Double> byLabel) {
        return StageLook.FROM_TOP.stream()
                .map(stage -> segment(stage, byLabel.getOrDefault(stage.label(), 0.0)))
                .collect(Collectors.joining("", "<div class=\"stack\">", "</div>\n"));
    }

    private static String segment(SleepStage stage, double probability) {
        return "<span class=\"%s\" style=\"flex-grow:%s\" title=\"%s %s\"></span>"
                .formatted(
                        StageLook.cssClass(stage),
                        Html.figure(probability, 3),
                        stage.label(),
                        Html.percent(probability));
    }
}
