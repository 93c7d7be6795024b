package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BestPassTest {

    @Test
    void isTheLastThatChanceCouldHavePutBehindTheHighest() {
        assertThat(VisionTraining.bestPass(List.of(pass(1, 0.50), pass(2, 0.81), pass(3, 0.79))))
                .isEqualTo(3);
    }

    @Test
    void isAnEarlierOneWhenTheLaterAreClearlyWorse() {
        assertThat(VisionTraining.bestPass(List.of(pass(1, 0.50), pass(2, 0.81), pass(3, 0.70))))
                .isEqualTo(2);
    }

    @Test
    void isTheLastWithoutValidationSubjects() {
        var unknown = Optional.<Double>empty();

        assertThat(VisionTraining.bestPass(List.of(
                        new VisionMetrics.Pass(1, 0.9, unknown, unknown),
                        new VisionMetrics.Pass(2, 0.8, unknown, unknown))))
                .isEqualTo(2);
    }

    private static VisionMetrics.Pass pass(int number, double kappa) {
        return new VisionMetrics.Pass(number, 1, Optional.of(kappa), Optional.of(0.04));
    }
}
