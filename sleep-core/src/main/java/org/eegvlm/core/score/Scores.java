package org.eegvlm.core.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;

/**
 * How well one answers file agrees with the human scorer.
 *
 * @param models who answered, as the file says
 * @param simulated whether any of the nights was simulated
 * @param overall over all epochs
 * @param subjects by subject, in alphabetical order
 */
public record Scores(List<String> models, boolean simulated, Figures overall, Map<String, Figures> subjects) {

    /**
     * The figures of a set of epochs.
     *
     * @param n how many epochs
     * @param kappa Cohen's κ
     * @param unreadable answers that named no stage; they count as wrong in every figure
     * @param stages by {@link SleepStage#label()}
     */
    public record Figures(
            int n,
            double accuracy,
            double macroF1,
            double kappa,
            int unreadable,
            Map<String, StageFigures> stages,
            ConfusionMatrix confusion) {

        static Figures of(List<Answer> answers) {
            var confusion = ConfusionMatrix.of(answers);
            var stages = new LinkedHashMap<String, StageFigures>();
            for (var stage : SleepStage.values()) {
                stages.put(stage.label(), StageFigures.of(confusion, stage));
            }
            return new Figures(
                    confusion.total(),
                    confusion.accuracy(),
                    confusion.macroF1(),
                    confusion.cohenKappa(),
                    confusion.unreadable(),
                    stages,
                    confusion);
        }
    }

    /** The figures of one stage; {@code support} is how many epochs it was true in. */
    public record StageFigures(double precision, double recall, double f1, int support) {

        static StageFigures of(ConfusionMatrix confusion, SleepStage stage) {
            return new StageFigures(
                    confusion.precision(stage), confusion.recall(stage), confusion.f1(stage), confusion.support(stage));
        }
    }

    /**
     * @throws IllegalArgumentException if there is no answer, an answer without a label, or a question answered twice
     */
    public static Scores of(List<Answer> answers) {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("no answers to score");
        }
        refuseRepetition(answers);
        var subjects = new TreeMap<String, Figures>();
        answers.stream()
                .collect(Collectors.groupingBy(answer -> answer.metadata().subject()))
                .forEach((subject, own) -> subjects.put(subject, Figures.of(own)));
        return new Scores(
                List.copyOf(answers.stream().map(Answer::modelId).collect(Collectors.toCollection(TreeSet::new))),
                answers.stream().anyMatch(answer -> answer.metadata().simulated()),
                Figures.of(answers),
                subjects);
    }

    /** Writes {@code metrics.json}. */
    public void write(Path file) throws IOException {
        Json.write(file, this);
    }

    /** The figures as a table for the terminal. */
    public String table() {
        return ScoreTable.of(this);
    }

    private static void refuseRepetition(List<Answer> answers) {
        var seen = new HashSet<String>();
        for (var answer : answers) {
            if (!seen.add(answer.questionId())) {
                throw new IllegalArgumentException(
                        "question " + answer.questionId() + " is answered twice; score one run at a time");
            }
        }
    }
}
