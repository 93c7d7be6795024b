package org.eegvlm.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerIdTest {

    @Test
    void hasTwentyTwoCharactersThatNobodyConfuses() {
        assertThat(AnswerId.of("SIM4011-0007", "vision")).matches("[2-9A-HJ-NP-Za-km-z]{22}");
    }

    @Test
    void isTheSameForTheSameQuestionAndModel() {
        assertThat(AnswerId.of("SIM4011-0007", "vision")).isEqualTo(AnswerId.of("SIM4011-0007", "vision"));
    }

    @Test
    void differsBetweenQuestionsAndModels() {
        assertThat(AnswerId.of("SIM4011-0007", "vision"))
                .isNotEqualTo(AnswerId.of("SIM4011-0008", "vision"))
                .isNotEqualTo(AnswerId.of("SIM4011-0007", "majority"));
    }
}
