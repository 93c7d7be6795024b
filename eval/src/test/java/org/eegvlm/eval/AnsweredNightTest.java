package org.eegvlm.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class AnsweredNightTest {

    @Test
    void putsEpochsInOrderOfTime() {
        var answers = new ArrayList<>(InventedAnswers.night("A", 5, true, true));
        Collections.reverse(answers);

        assertThat(AnsweredNight.of(answers, Hypnogram.AASM_EPOCH).get(0).epochs())
                .extracting(AnsweredNight.Epoch::index)
                .containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void tellsNightsApart() {
        var answers = new ArrayList<>(InventedAnswers.night("B", 5, true, true));
        answers.addAll(InventedAnswers.night("A", 3, true, false));

        assertThat(AnsweredNight.of(answers, Hypnogram.AASM_EPOCH))
                .extracting(AnsweredNight::night)
                .containsExactly("A1", "B1");
    }

    @Test
    void countsAnUnreadableAnswerAsADisagreement() {
        var answer = InventedAnswers.answer("A", 0, "Hm.", Optional.of(SleepStage.N2), true, Map.of());

        assertThat(AnsweredNight.Epoch.of(answer).disagrees()).isTrue();
    }

    @Test
    void cannotDisagreeWhereNobodyScored() {
        var answer = InventedAnswers.answer("A", 0, "The stage is N2.", Optional.empty(), true, Map.of());

        assertThat(AnsweredNight.Epoch.of(answer).disagrees()).isFalse();
    }
}
