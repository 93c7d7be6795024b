package org.eegvlm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eegvlm.core.ScoredStage.MOVEMENT;
import static org.eegvlm.core.ScoredStage.N2;
import static org.eegvlm.core.ScoredStage.N3;
import static org.eegvlm.core.ScoredStage.N4;
import static org.eegvlm.core.ScoredStage.UNSCORED;
import static org.eegvlm.core.ScoredStage.WAKE;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HypnogramTest {

    @Test
    void countsStage4AsN3ForTheAasm() {
        var hypnogram = of(WAKE, N3, N4, MOVEMENT);
        assertThat(hypnogram.aasm().epochs()).containsExactly(WAKE, N3, N3, MOVEMENT);
        assertThat(hypnogram.stages())
                .containsExactly(
                        Optional.of(SleepStage.WAKE),
                        Optional.of(SleepStage.N3),
                        Optional.of(SleepStage.N3),
                        Optional.empty());
        assertThat(hypnogram.count(N4)).isEqualTo(1);
        assertThat(hypnogram.scored()).isEqualTo(3);
    }

    @Test
    void keepsWakeAroundTheFirstAndTheLastSleep() {
        var hypnogram = of(WAKE, WAKE, MOVEMENT, N2, WAKE, N2, UNSCORED, WAKE, WAKE);
        assertThat(hypnogram.sleepWithin(Duration.ofMinutes(1))).isEqualTo(new EpochRange(1, 8));
        assertThat(hypnogram.sleepWithin(Duration.ofHours(1))).isEqualTo(new EpochRange(0, 9));
    }

    @Test
    void keepsAllWhereNobodySlept() {
        var awake = new Hypnogram(Collections.nCopies(100, WAKE), Hypnogram.AASM_EPOCH);
        assertThat(awake.sleepWithin(Duration.ofMinutes(5))).isEqualTo(new EpochRange(0, 100));
    }

    private static Hypnogram of(ScoredStage... epochs) {
        return new Hypnogram(List.of(epochs), Hypnogram.AASM_EPOCH);
    }
}
