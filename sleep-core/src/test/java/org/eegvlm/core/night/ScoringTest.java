package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class ScoringTest {

    private static final Optional<SleepStage> N2 = Optional.of(SleepStage.N2);
    private static final Optional<SleepStage> WAKE = Optional.of(SleepStage.WAKE);

    @Test
    void givesAnEpochTheStageOfMostOfIt() {
        var scoring = new Scoring(
                List.of(new Scoring.Stretch(0, 40, ScoredStage.N2), new Scoring.Stretch(40, 90, ScoredStage.WAKE)));
        assertThat(scoring.epochs(3, Duration.ofSeconds(30)).stages()).containsExactly(N2, WAKE, WAKE);
    }

    @Test
    void leavesAnEpochWithoutAMajorityUnscored() {
        var scoring = new Scoring(
                List.of(new Scoring.Stretch(0, 15, ScoredStage.N2), new Scoring.Stretch(15, 30, ScoredStage.WAKE)));
        assertThat(scoring.epochs(1, Duration.ofSeconds(30)).stages()).containsExactly(Optional.empty());
    }

    @Test
    void countsStages3And4Together() {
        var scoring = new Scoring(
                List.of(new Scoring.Stretch(0, 14, ScoredStage.N3), new Scoring.Stretch(14, 30, ScoredStage.N4)));
        assertThat(scoring.epochs(1, Duration.ofSeconds(30)).epochs()).containsExactly(ScoredStage.N4);
        assertThat(scoring.epochs(1, Duration.ofSeconds(28)).epochs()).containsExactly(ScoredStage.N3);
    }

    @Test
    void keepsThePlaceOfUnscoredEpochs() {
        var scoring = new Scoring(List.of(new Scoring.Stretch(30, 60, ScoredStage.N2)));
        assertThat(scoring.epochs(3, Duration.ofSeconds(30)).stages())
                .containsExactly(Optional.empty(), N2, Optional.empty());
    }
}
