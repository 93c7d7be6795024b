package org.eegvlm.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochCardsTest {

    @TempDir
    Path pictures;

    @BeforeEach
    void thereArePictures() throws IOException {
        Files.createFile(pictures.resolve("A1-0000.png"));
        Files.createFile(pictures.resolve("A1-0001.png"));
        Files.createFile(pictures.resolve("A1-0002.png"));
        Files.createFile(pictures.resolve("A1-0003.png"));
        Files.createFile(pictures.resolve("A1-0004.png"));
    }

    @Test
    void areTwoAgreementsOfDifferentStagesAndADisagreement() {
        var chosen = chosen(
                answer(0, "N2", SleepStage.N2, 0.9),
                answer(1, "N2", SleepStage.N2, 0.8),
                answer(2, "REM", SleepStage.REM, 0.5),
                answer(3, "N1", SleepStage.WAKE, 0.6),
                answer(4, "N3", SleepStage.N2, 0.7));

        assertThat(chosen).containsExactly("A1-0000", "A1-0002", "A1-0004");
    }

    @Test
    void areFilledUpWhereThereIsNoDisagreement() {
        var chosen = chosen(
                answer(0, "N2", SleepStage.N2, 0.9),
                answer(1, "N2", SleepStage.N2, 0.8),
                answer(2, "REM", SleepStage.REM, 0.5));

        assertThat(chosen).containsExactly("A1-0000", "A1-0002", "A1-0001");
    }

    @Test
    void needAPicture() {
        assertThat(chosen(answer(0, "N2", SleepStage.N2, 0.9), answer(17, "N3", SleepStage.N3, 0.9)))
                .containsExactly("A1-0000");
    }

    private List<String> chosen(Answer... answers) {
        return EpochCards.chosen(List.of(answers), new Pictures(pictures)).stream()
                .map(Answer::questionId)
                .toList();
    }

    private static Answer answer(int epoch, String said, SleepStage truth, double sureness) {
        return InventedAnswers.answer(
                "A", epoch, "The stage is " + said + ".", Optional.of(truth), true, Map.of(said, sureness));
    }
}
