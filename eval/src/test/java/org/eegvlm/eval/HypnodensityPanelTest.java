package org.eegvlm.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.chart.Svg;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.Test;

class HypnodensityPanelTest {

    @Test
    void stacksTheStagesUpToTheirSum() {
        var drawing = draw(answer(0, Map.of("Wake", 0.5, "N3", 0.5)));

        assertThat(drawing)
                .contains("class=\"area s-wake\" d=\"M44 72V0H936V72Z\"")
                .contains("class=\"area s-n3\" d=\"M44 72V36H936V72Z\"");
    }

    @Test
    void leavesAGapWhereNobodyWasAsked() {
        var drawing = draw(answer(0, Map.of("Wake", 1.0)), answer(2, Map.of("Wake", 1.0)));

        assertThat(drawing).contains("d=\"M44 72V0H341.3V72ZM638.7 72V0H936V72Z\"");
    }

    private static String draw(Answer... answers) {
        var night = AnsweredNight.of(List.of(answers), Hypnogram.AASM_EPOCH).get(0);
        var svg = new Svg(960, HypnodensityPanel.HEIGHT, "A night");
        HypnodensityPanel.draw(svg, TimeAxis.of(night, 960), 0, night);
        return svg.inPage();
    }

    private static Answer answer(int epoch, Map<String, Double> probabilities) {
        return InventedAnswers.answer("A", epoch, "The stage is Wake.", Optional.empty(), true, probabilities);
    }
}
