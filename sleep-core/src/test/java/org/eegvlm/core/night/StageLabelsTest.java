package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class StageLabelsTest {

    @Test
    void mergesStages3And4IntoN3() {
        assertThat(StageLabels.stage("Sleep stage 3").stage()).contains(SleepStage.N3);
        assertThat(StageLabels.stage("Sleep stage 4").stage()).contains(SleepStage.N3);
    }

    @Test
    void leavesMovementAndDoubtUnscored() {
        assertThat(StageLabels.stage("Movement time").stage()).isEmpty();
        assertThat(StageLabels.stage("Sleep stage ?").stage()).isEmpty();
    }

    @Test
    void listsTheKnownLabelsWhenOneIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StageLabels.stage("Sleep stage X9"))
                .withMessageContaining("'Sleep stage X9'")
                .withMessageContaining(StageLabels.KNOWN);
    }

    @Test
    void knowsWhatSpeaksOfStages() {
        assertThat(StageLabels.speaksOfStage("Sleep stage X9")).isTrue();
        assertThat(StageLabels.speaksOfStage("Lights off")).isFalse();
    }
}
