package org.eegvlm.core.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassChartTest {

    @Test
    void drawsLossAndKappaFromTheFirstPassToTheLast() {
        var svg = PassChart.file(List.of(
                new PassChart.Point(1, 1.5, Optional.of(0.25)), new PassChart.Point(2, 0.75, Optional.of(0.75))));

        assertThat(svg)
                .contains("<path class=\"raw\" d=\"M44 24L900 119\"/>")
                .contains("<path class=\"mean\" d=\"M44 166.5L900 71.5\"/>");
    }

    @Test
    void leavesKappaOutWhereNobodyValidates() {
        var svg = PassChart.file(List.of(new PassChart.Point(1, 1.5, Optional.empty())));

        assertThat(svg).doesNotContain("<path class=\"mean\"");
    }
}
