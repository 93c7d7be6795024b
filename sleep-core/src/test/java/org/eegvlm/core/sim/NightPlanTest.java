package org.eegvlm.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.eegvlm.core.SleepStage;
import org.junit.jupiter.api.Test;

class NightPlanTest {

    @Property(tries = 200)
    void hasEveryStageInANightOfAnyLength(@ForAll @IntRange(min = 20, max = 1000) int epochs, @ForAll long seed) {
        var plan = NightPlan.draw(epochs, new Chance(seed, 1));
        assertThat(plan).hasSize(epochs).contains(SleepStage.values());
    }

    @Test
    void sharesTheNightAsPeopleDo() {
        var plan = IntStream.range(0, 200)
                .mapToObj(subject -> NightPlan.draw(110, new Chance(1, subject)))
                .flatMap(List::stream)
                .toList();
        assertThat(share(plan, SleepStage.WAKE)).isBetween(0.12, 0.22);
        assertThat(share(plan, SleepStage.N1)).isBetween(0.10, 0.16);
        assertThat(share(plan, SleepStage.N2)).isBetween(0.30, 0.42);
        assertThat(share(plan, SleepStage.N3)).isBetween(0.12, 0.22);
        assertThat(share(plan, SleepStage.REM)).isBetween(0.12, 0.22);
    }

    private static double share(List<SleepStage> plan, SleepStage stage) {
        return Collections.frequency(plan, stage) / (double) plan.size();
    }
}
