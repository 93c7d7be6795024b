package org.eegvlm.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.AnswerId;

/** Answers about nights that nobody slept, for tests of the report. */
final class InventedAnswers {

    private static final List<SleepStage> CYCLE =
            List.of(SleepStage.WAKE, SleepStage.N1, SleepStage.N2, SleepStage.N3, SleepStage.N2, SleepStage.REM);

    private InventedAnswers() {}

    /** A night in cycles; every fifth answer or so is wrong, a few are unreadable. */
    static List<Answer> night(String subject, int epochs, boolean scored, boolean simulated) {
        var random = new Random(subject.hashCode());
        var answers = new ArrayList<Answer>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            var truth = CYCLE.get(epoch / 9 % CYCLE.size());
            var said = random.nextDouble() < 0.8 ? truth : SleepStage.values()[random.nextInt(5)];
            var text = random.nextDouble() < 0.02
                    ? "I am not sure what this is."
                    : "The stage is %s. Delta 41 %%, theta 22 %%, alpha 9 %%, sigma 12 %%, beta 16 %%; "
                                    .formatted(said.label())
                            + "slow waves fill 12 % of the epoch; 3 spindles; amplitude 23 µV.";
            var label = scored ? Optional.of(truth) : Optional.<SleepStage>empty();
            answers.add(answer(subject, epoch, text, label, simulated, probabilities(said, random)));
        }
        return answers;
    }

    /** The same answer about an epoch of another length. */
    static Answer withEpochSeconds(Answer answer, double seconds) {
        var told = answer.metadata();
        return new Answer(
                answer.questionId(),
                answer.prompt(),
                answer.text(),
                answer.label(),
                answer.answerId(),
                answer.modelId(),
                new Answer.Metadata(
                        told.subject(),
                        told.night(),
                        told.epoch(),
                        Optional.of(seconds),
                        told.simulated(),
                        told.image(),
                        told.probabilities()));
    }

    static Answer answer(
            String subject,
            int epoch,
            String text,
            Optional<SleepStage> label,
            boolean simulated,
            Map<String, Double> probabilities) {
        var id = "%s1-%04d".formatted(subject, epoch);
        return new Answer(
                id,
                "Which sleep stage does this EEG epoch show, and why?",
                text,
                label,
                AnswerId.of(id, "invented"),
                "invented",
                new Answer.Metadata(
                        subject,
                        subject + "1",
                        epoch,
                        Optional.of(30.0),
                        simulated,
                        Optional.of(id + ".png"),
                        Optional.of(probabilities)));
    }

    private static Map<String, Double> probabilities(SleepStage said, Random random) {
        var weights = new LinkedHashMap<String, Double>();
        for (var stage : SleepStage.values()) {
            weights.put(stage.label(), random.nextDouble() * (stage == said ? 6 : 1));
        }
        double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        weights.replaceAll((label, weight) -> weight / sum);
        return weights;
    }
}
