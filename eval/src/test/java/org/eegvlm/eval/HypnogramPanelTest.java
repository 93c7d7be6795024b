package org.eegvlm.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Svg;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.Test;

class HypnogramPanelTest {

    @Test
    void drawsABarForEachEpochAndALineWhereTheStageChanges() {
        var drawing = draw(answer(0, "The stage is Wake."), answer(1, "The stage is N3."));

        assertThat(drawing)
                .contains("class=\"bar s-wake\" d=\"M44 9H490\"")
                .contains("class=\"bar s-n3\" d=\"M490 81H936\"")
                .contains("class=\"change\" d=\"M490 9V81\"");
    }

    @Test
    void leavesAGapWhereNobodyWasAsked() {
        var drawing = draw(answer(0, "The stage is Wake."), answer(2, "The stage is N3."));

        assertThat(drawing).contains("d=\"M44 9H341.3\"", "d=\"M638.7 81H936\"").doesNotContain("class=\"change\"");
    }

    @Test
    void leavesAGapWhereTheAnswerIsUnreadable() {
        assertThat(draw(answer(0, "Who knows?"))).doesNotContain("class=\"bar");
    }

    private static String draw(Answer... answers) {
        var night = AnsweredNight.of(List.of(answers), Hypnogram.AASM_EPOCH).get(0);
        var svg = new Svg(960, HypnogramPanel.HEIGHT, "A night");
        var axis = TimeAxis.of(night, 960);
        HypnogramPanel.draw(svg, axis, 0, night, AnsweredNight.Epoch::answered);
        return svg.inPage();
    }

    private static Answer answer(int epoch, String text) {
        return InventedAnswers.answer("A", epoch, text, Optional.of(SleepStage.N2), true, Map.of());
    }
}
