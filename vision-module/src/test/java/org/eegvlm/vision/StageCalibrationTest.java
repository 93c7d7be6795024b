package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.Test;

class StageCalibrationTest {

    @Test
    void tellsHowFarWhatIsSaidIsFromWhatIsFound() {
        var answers =
                List.of(answer(0.75, SleepStage.WAKE), answer(0.75, SleepStage.WAKE), answer(0.75, SleepStage.N2));

        var wake = StageCalibration.of(answers).get(SleepStage.WAKE.ordinal());

        assertThat(wake.bins()).containsExactly(new StageCalibration.Bin(3, 0.75, 2.0 / 3));
        assertThat(wake.expectedError()).isCloseTo(0.75 - 2.0 / 3, within(1e-12));
        assertThat(wake.brier()).isCloseTo((0.0625 + 0.0625 + 0.5625) / 3, within(1e-12));
    }

    @Test
    void isPerfectWhereAStageIsNeitherSaidNorFound() {
        var n3 = StageCalibration.of(List.of(answer(1, SleepStage.WAKE))).get(SleepStage.N3.ordinal());

        assertThat(n3.expectedError()).isZero();
        assertThat(n3.brier()).isZero();
    }

    private static Answer answer(double wake, SleepStage label) {
        var probabilities = Map.of("Wake", wake, "N2", 1 - wake);
        var metadata = new Answer.Metadata(
                "S1", "S1N1", 0, Optional.empty(), true, Optional.empty(), Optional.of(probabilities));
        return new Answer("q", "", "The stage is Wake.", Optional.of(label), "a", "m", metadata);
    }
}
