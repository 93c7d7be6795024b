package org.eegvlm.finetune.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IntervalTest {

    @Test
    void refusesAnIntervalOfNoSteps() {
        assertThatThrownBy(() -> Interval.ofSteps(0)).hasMessageContaining("positive number, was 0");
    }
}
