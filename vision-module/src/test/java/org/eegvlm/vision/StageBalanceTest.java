package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.Test;

class StageBalanceTest {

    @Test
    void weighsAStageByItsRarity() {
        var weights = StageBalance.WEIGHTS.weights(epochs(6, 2));

        assertThat(weights[SleepStage.WAKE.ordinal()]).isEqualTo(8.0 / 12);
        assertThat(weights[SleepStage.N1.ordinal()]).isEqualTo(2);
    }

    @Test
    void weighsAllAlikeUnlessAsked() {
        assertThat(StageBalance.NONE.weights(epochs(6, 2))).containsOnly(1);
    }

    @Test
    void drawsEachStageEquallyOftenInAPassAsLongAsBefore() {
        var pass = StageBalance.SAMPLING.pass(epochs(6, 2), new Random(1));

        assertThat(pass)
                .hasSize(8)
                .filteredOn(epoch -> epoch.stage().equals(Optional.of(SleepStage.N1)))
                .hasSize(4);
    }

    @Test
    void refusesAnotherName() {
        assertThatThrownBy(() -> StageBalance.of("some"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none, weights, sampling");
    }

    private static List<EpochRecord> epochs(int wake, int n1) {
        var epochs = new ArrayList<EpochRecord>();
        for (int i = 0; i < wake + n1; i++) {
            epochs.add(epoch(i, i < wake ? SleepStage.WAKE : SleepStage.N1));
        }
        return epochs;
    }

    private static EpochRecord epoch(int number, SleepStage stage) {
        return new EpochRecord(
                "e" + number,
                "S1",
                "S1N1",
                number,
                30.0 * number,
                30,
                Optional.of(stage),
                Split.TRAIN,
                "e.png",
                "hash",
                "spec",
                "S1N1.edf",
                Optional.empty(),
                List.of("EEG"),
                true);
    }
}
