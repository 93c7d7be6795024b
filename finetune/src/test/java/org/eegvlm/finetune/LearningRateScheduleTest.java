package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    private final LearningRateSchedule schedule = LearningRateSchedule.of(100, 0.03);

    @Test
    void warmsUpFromZeroOverTheGivenShareOfTheSteps() {
        assertThat(schedule.warmupSteps()).isEqualTo(3);
        assertThat(schedule.factor(0)).isZero();
        assertThat(schedule.factor(1)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(schedule.factor(3)).isEqualTo(1);
    }

    @Test
    void fallsAlongHalfACosine() {
        // 48.5 of 97 steps would be the middle: 48 is a little before it.
        assertThat(schedule.factor(3 + 48)).isCloseTo(0.5 * (1 + Math.cos(Math.PI * 48 / 97)), within(1e-12));
        assertThat(schedule.factor(99)).isBetween(0.0, 1e-3);
    }

    @Test
    void startsAtTheFullRateWithoutWarmUp() {
        assertThat(LearningRateSchedule.of(10, 0).factor(0)).isEqualTo(1);
    }
}
