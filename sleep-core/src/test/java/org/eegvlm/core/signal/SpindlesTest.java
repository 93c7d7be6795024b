package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpindlesTest {

    @ParameterizedTest
    @ValueSource(doubles = {64, 100, 200, 256})
    void areFoundWhereTheyAre(double rateHz) {
        var calm = Waves.background(3, 10, 20, rateHz);
        var samples = Waves.withBurst(Waves.withBurst(calm, 13.5, 20, 4, 1.2, rateHz), 13, 20, 12, 1.4, rateHz);

        var spindles = Spindles.in(samples, rateHz);

        assertThat(spindles).hasSize(2);
        assertThat(spindles.get(0).onsetSeconds()).isCloseTo(4.2, within(0.3));
        assertThat(spindles.get(1).onsetSeconds()).isCloseTo(12.2, within(0.3));
    }

    @Test
    void rideOnSlowWaves() {
        var slow = Waves.sine(0.8, 60, 30, 100);

        assertThat(Spindles.in(Waves.withBurst(slow, 13.5, 15, 10, 1.2, 100), 100))
                .hasSize(1);
    }

    @Test
    void areNotAlphaBursts() {
        var samples = Waves.withBurst(Waves.background(3, 10, 30, 100), 9.5, 40, 10, 1.2, 100);

        assertThat(Spindles.in(samples, 100)).isEmpty();
    }

    @Test
    void areNotLongRhythms() {
        assertThat(Spindles.in(Waves.withBurst(new float[3000], 13.5, 20, 5, 10, 100), 100))
                .isEmpty();
    }

    @Test
    void areRareInNoise() {
        long found = LongStream.range(0, 40)
                .map(seed ->
                        Spindles.in(Waves.background(seed, 15, 30, 100), 100).size())
                .sum();

        assertThat(found).isLessThan(8);
    }

    @Test
    void areAbsentFromAFlatEpoch() {
        assertThat(Spindles.in(new float[3000], 100)).isEmpty();
    }
}
