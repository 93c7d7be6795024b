package org.eegvlm.eval;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.AnswerParser;
import org.eegvlm.core.score.ParsedAnswer;

/**
 * The answers about one night.
 *
 * @param epochLength how long each of its epochs is
 * @param epochs in order of time; epochs that nobody was asked about are absent
 */
record AnsweredNight(String subject, String night, boolean simulated, Duration epochLength, List<Epoch> epochs) {

    /**
     * One epoch: what the scorer said, and what the model.
     *
     * @param index the epoch's place in the night, from 0
     * @param answered empty where the answer was unreadable
     */
    record Epoch(
            int index,
            Optional<SleepStage> truth,
            Optional<SleepStage> answered,
            Optional<Map<String, Double>> probabilities) {

        static Epoch of(Answer answer) {
            return new Epoch(
                    answer.metadata().epoch(),
                    answer.label(),
                    stage(answer),
                    answer.metadata().probabilities());
        }

        boolean disagrees() {
            return truth.isPresent() && !truth.equals(answered);
        }
    }

    /**
     * Nights by subject, then by name.
     *
     * @param untold the epoch length of answers that do not tell it
     */
    static List<AnsweredNight> of(List<Answer> answers, Duration untold) {
        var nights = answers.stream()
                .collect(Collectors.groupingBy(
                        answer -> List.of(
                                answer.metadata().subject(), answer.metadata().night()),
                        () -> new TreeMap<>(Comparator.comparing((List<String> key) -> key.get(0))
                                .thenComparing(key -> key.get(1))),
                        Collectors.toList()));
        return nights.values().stream().map(night -> night(night, untold)).toList();
    }

    /** What the answer's text says; empty where it is unreadable. */
    static Optional<SleepStage> stage(Answer answer) {
        return AnswerParser.parse(answer.text()) instanceof ParsedAnswer.Staged staged
                ? Optional.of(staged.stage())
                : Optional.empty();
    }

    /** How long the answer's epoch is. */
    static Duration epochLength(Answer answer, Duration untold) {
        return answer.metadata()
                .epochSeconds()
                .map(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
                .filter(length -> !length.isZero() && !length.isNegative())
                .orElse(untold);
    }

    boolean scored() {
        return epochs.stream().anyMatch(epoch -> epoch.truth().isPresent());
    }

    boolean hasProbabilities() {
        return epochs.stream().anyMatch(epoch -> epoch.probabilities().isPresent());
    }

    long count(Predicate<Epoch> property) {
        return epochs.stream().filter(property).count();
    }

    private static AnsweredNight night(List<Answer> answers, Duration untold) {
        var any = answers.get(0).metadata();
        var epochs = answers.stream()
                .map(Epoch::of)
                .sorted(Comparator.comparingInt(Epoch::index))
                .toList();
        return new AnsweredNight(
                any.subject(), any.night(), any.simulated(), epochLength(answers.get(0), untold), epochs);
    }
}
