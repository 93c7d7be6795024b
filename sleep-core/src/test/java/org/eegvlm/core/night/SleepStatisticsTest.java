package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eegvlm.core.ScoredStage.MOVEMENT;
import static org.eegvlm.core.ScoredStage.N1;
import static org.eegvlm.core.ScoredStage.N2;
import static org.eegvlm.core.ScoredStage.N3;
import static org.eegvlm.core.ScoredStage.N4;
import static org.eegvlm.core.ScoredStage.REM;
import static org.eegvlm.core.ScoredStage.UNSCORED;
import static org.eegvlm.core.ScoredStage.WAKE;

import java.util.List;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class SleepStatisticsTest {

    @Test
    void areThoseOfTheAasmManual() {
        var night = List.of(WAKE, WAKE, WAKE, N1, N2, N3, N4, MOVEMENT, WAKE, REM, WAKE, UNSCORED);

        var minutes = SleepStatistics.of(new Hypnogram(night, Hypnogram.AASM_EPOCH));

        assertThat(minutes.timeInBed()).isEqualTo(6);
        assertThat(minutes.totalSleep()).isEqualTo(2.5);
        assertThat(minutes.sleepEfficiency()).isEqualTo(250 / 6.0);
        assertThat(minutes.sleepOnsetLatency()).contains(1.5);
        assertThat(minutes.remLatency()).contains(3.0);
        assertThat(minutes.wakeAfterSleepOnset()).contains(1.0);
        assertThat(minutes.byStage().get(SleepStage.N3)).isEqualTo(1);
        assertThat(minutes.byStage().get(SleepStage.WAKE)).isEqualTo(2.5);
    }

    @Test
    void haveNoOnsetWhereNobodySlept() {
        var minutes = SleepStatistics.of(new Hypnogram(List.of(WAKE, UNSCORED), Hypnogram.AASM_EPOCH));
        assertThat(minutes.sleepOnsetLatency()).isEmpty();
        assertThat(minutes.remLatency()).isEmpty();
        assertThat(minutes.sleepEfficiency()).isZero();
    }
}
