package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Schedule PATIENT = Schedule.DEFAULT.withPasses(10).withPatience(2);

    @Test
    void endsWhenNoLaterPassHasAHigherKappa() {
        assertThat(PATIENT.ends(passes(0.5, 0.7, 0.6))).isFalse();
        assertThat(PATIENT.ends(passes(0.5, 0.7, 0.6, 0.7))).isTrue();
    }

    @Test
    void goesOnWhereNobodyValidates() {
        var unknown = Optional.<Double>empty();
        var passes = List.of(
                new VisionMetrics.Pass(1, 1, unknown, unknown),
                new VisionMetrics.Pass(2, 1, unknown, unknown),
                new VisionMetrics.Pass(3, 1, unknown, unknown));

        assertThat(PATIENT.ends(passes)).isFalse();
    }

    @Test
    void endsAfterAllPassesWithoutPatience() {
        assertThat(Schedule.DEFAULT.withPasses(3).ends(passes(0.7, 0.1))).isFalse();
        assertThat(Schedule.DEFAULT.withPasses(3).ends(passes(0.7, 0.1, 0.1))).isTrue();
    }

    @Test
    void risesAndFallsByHalfACosine() {
        var schedule = Schedule.DEFAULT.withLearningRate(1).withWarmup(0.1);

        assertThat(schedule.rate(0, 99)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.rate(9, 99)).isCloseTo(1, within(1e-12));
        assertThat(schedule.rate(54, 99)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void learnsSlowerWithoutBatchNormUnlessToldHowFast() {
        assertThat(Schedule.DEFAULT.suiting(true).learningRate()).contains(1e-3);
        assertThat(Schedule.DEFAULT.suiting(false).learningRate()).contains(2e-4);
        assertThat(Schedule.DEFAULT.withLearningRate(0.5).suiting(false).learningRate())
                .contains(0.5);
    }

    private static List<VisionMetrics.Pass> passes(double... kappas) {
        var passes = new ArrayList<VisionMetrics.Pass>();
        for (double kappa : kappas) {
            passes.add(new VisionMetrics.Pass(passes.size() + 1, 1, Optional.of(kappa), Optional.of(0.01)));
        }
        return passes;
    }
}
