package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlowWavesTest {

    @Test
    void fillAnEpochOfNothingElse() {
        assertThat(SlowWaves.share(Waves.sine(1, 60, 30, 100), 100)).isGreaterThan(0.9);
    }

    @Test
    void fillTheirPartOfAnEpoch() {
        var samples = Waves.sine(1, 60, 30, 100);
        Arrays.fill(samples, 1000, 3000, 0);

        assertThat(SlowWaves.share(samples, 100)).isCloseTo(1 / 3.0, within(0.05));
    }

    @Test
    void haveMoreThan75MicrovoltsFromPeakToPeak() {
        assertThat(SlowWaves.share(Waves.sine(1, 35, 30, 100), 100)).isZero();
    }

    @Test
    void areNoFasterThanTwoHertz() {
        assertThat(SlowWaves.share(Waves.sine(4, 80, 30, 100), 100)).isZero();
    }
}
