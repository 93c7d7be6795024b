package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class ScoringTest {

    private static final Optional<SleepStage> N2 = Optional.of(SleepStage.N2);
    private static final Optional<SleepStage> WAKE = Optional.of(SleepStage.WAKE);

    @Test
    void givesAnEpochTheStageOfMostOfIt() {
        var scoring = new Scoring(List.of(new Scoring.Stretch(0, 40, N2), new Scoring.Stretch(40, 90, WAKE)));
        assertThat(scoring.epochs(3, Duration.ofSeconds(30)).stages()).containsExactly(N2, WAKE, WAKE);
    }

    @Test
    void leavesAnEpochWithoutAMajorityUnscored() {
        var scoring = new Scoring(List.of(new Scoring.Stretch(0, 15, N2), new Scoring.Stretch(15, 30, WAKE)));
        assertThat(scoring.epochs(1, Duration.ofSeconds(30)).stages()).containsExactly(Optional.empty());
    }

    @Test
    void keepsThePlaceOfUnscoredEpochs() {
        var scoring = new Scoring(List.of(new Scoring.Stretch(30, 60, N2)));
        assertThat(scoring.epochs(3, Duration.ofSeconds(30)).stages())
                .containsExactly(Optional.empty(), N2, Optional.empty());
    }
}
