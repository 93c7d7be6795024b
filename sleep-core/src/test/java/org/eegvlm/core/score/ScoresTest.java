package org.eegvlm.core.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScoresTest {

    private static final int UNREADABLE = SleepStage.values().length;

    /** Written by reference/make_scores.py. */
    record Golden(
            int[] truth,
            int[] answer,
            double accuracy,
            double macroF1,
            double kappa,
            double[] precision,
            double[] recall,
            double[] f1,
            int[] support,
            List<List<Integer>> counts) {}

    static Stream<Golden> golden() throws IOException {
        try (var json = ScoresTest.class.getResourceAsStream("scores.json")) {
            return Stream.of(Json.MAPPER.readValue(json, Golden[].class));
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreeWithScikitLearn(Golden golden) {
        var answers = IntStream.range(0, golden.truth.length)
                .mapToObj(i -> answer("s1", i, SleepStage.values()[golden.truth[i]], text(golden.answer[i])))
                .toList();

        var figures = Scores.of(answers).overall();

        var rounding = within(1e-12);
        assertThat(figures.confusion().counts()).isEqualTo(golden.counts);
        assertThat(figures.accuracy()).isCloseTo(golden.accuracy, rounding);
        assertThat(figures.macroF1()).isCloseTo(golden.macroF1, rounding);
        assertThat(figures.kappa()).isCloseTo(golden.kappa, rounding);
        assertThat(stages(figures, Scores.StageFigures::precision)).containsExactly(golden.precision, rounding);
        assertThat(stages(figures, Scores.StageFigures::recall)).containsExactly(golden.recall, rounding);
        assertThat(stages(figures, Scores.StageFigures::f1)).containsExactly(golden.f1, rounding);
        assertThat(stages(figures, Scores.StageFigures::support))
                .containsExactly(Arrays.stream(golden.support).asDoubleStream().toArray());
    }

    @Test
    void countUnreadableAnswersAsWrong() {
        var answers = List.of(
                answer("s1", 0, SleepStage.N2, "The stage is N2."), answer("s1", 1, SleepStage.WAKE, "I cannot tell."));

        var figures = Scores.of(answers).overall();

        assertThat(figures.unreadable()).isEqualTo(1);
        assertThat(figures.accuracy()).isEqualTo(0.5);
    }

    @Test
    void giveKappaZeroToOneStageOnBothSides() {
        assertThat(Scores.of(List.of(answer("s1", 0, SleepStage.N2, "The stage is N2.")))
                        .overall()
                        .kappa())
                .isZero();
    }

    @Test
    void tellSubjectsApart() {
        var answers = List.of(
                answer("s2", 0, SleepStage.N2, "The stage is N2."), answer("s1", 1, SleepStage.N2, "The stage is N3."));

        var scores = Scores.of(answers);

        assertThat(scores.subjects()).containsOnlyKeys("s1", "s2");
        assertThat(scores.subjects().get("s2").accuracy()).isEqualTo(1);
    }

    @Test
    void refuseAnAnswerWithoutLabel() {
        var answer = answer("s1", 4, SleepStage.N2, "The stage is N2.");
        var unlabelled = new Answer(
                answer.questionId(), "", answer.text(), Optional.empty(), "", answer.modelId(), answer.metadata());

        assertThatThrownBy(() -> Scores.of(List.of(unlabelled)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the answer to s1-0004 has no label: a night without a hypnogram cannot be scored");
    }

    @Test
    void refuseAQuestionAnsweredTwice() {
        var answer = answer("s1", 4, SleepStage.N2, "The stage is N2.");

        assertThatThrownBy(() -> Scores.of(List.of(answer, answer)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("question s1-0004 is answered twice; score one run at a time");
    }

    @Test
    void refuseAnEmptyFile() {
        assertThatThrownBy(() -> Scores.of(List.of())).hasMessage("no answers to score");
    }

    @Test
    void areWrittenAsJsonAndReadBack(@TempDir Path folder) throws IOException {
        var scores = Scores.of(List.of(answer("s1", 0, SleepStage.N2, "The stage is N2.")));

        scores.write(folder.resolve("metrics.json"));

        assertThat(Json.read(folder.resolve("metrics.json"), Scores.class)).isEqualTo(scores);
        assertThat(Json.readTree(folder.resolve("metrics.json"))
                        .at("/overall/macro_f1")
                        .asDouble())
                .isEqualTo(1);
    }

    @Test
    void makeATable() {
        var answers = List.of(
                answer("s1", 0, SleepStage.WAKE, "The stage is N2."),
                answer("s1", 1, SleepStage.N2, "The stage is N2."));

        assertThat(Scores.of(answers).table()).startsWith("""
                                     epochs  accuracy  macro-F1   kappa  unreadable
                        s1                2     0.500     0.333   0.000           0
                        all               2     0.500     0.333   0.000           0
                        """).endsWith("""
                        truth\\answer  Wake    N1    N2    N3   REM  unreadable
                        Wake             0     0     1     0     0           0
                        N1               0     0     0     0     0           0
                        N2               0     0     1     0     0           0
                        N3               0     0     0     0     0           0
                        REM              0     0     0     0     0           0
                        """);
    }

    private static double[] stages(Scores.Figures figures, ToDoubleFunction<Scores.StageFigures> figure) {
        return Arrays.stream(SleepStage.values())
                .mapToDouble(stage -> figure.applyAsDouble(figures.stages().get(stage.label())))
                .toArray();
    }

    private static String text(int answer) {
        return answer == UNREADABLE ? "Hard to say." : "The stage is " + SleepStage.values()[answer].label() + ".";
    }

    private static Answer answer(String subject, int epoch, SleepStage truth, String text) {
        return new Answer(
                "%s-%04d".formatted(subject, epoch),
                "Which stage?",
                text,
                Optional.of(truth),
                "",
                "a model",
                new Answer.Metadata(
                        subject, subject + "1", epoch, Optional.of(30.0), true, Optional.empty(), Optional.empty()));
    }
}
