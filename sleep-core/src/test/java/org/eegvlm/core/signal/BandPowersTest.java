package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BandPowersTest {

    /** Written by reference/make_band_powers.py. */
    record Golden(double rateHz, double seconds, Map<String, Double> powers) {}

    static Stream<Golden> golden() throws IOException {
        try (var json = BandPowersTest.class.getResourceAsStream("band-powers.json")) {
            return Stream.of(Json.MAPPER.readValue(json, Golden[].class));
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreeWithSciPy(Golden golden) {
        var powers = BandPowers.of(mixture(golden.rateHz, golden.seconds), golden.rateHz);

        // Both compute in double from the same float samples, which differ by a rounding at most.
        var close = Percentage.withPercentage(1e-3);
        assertThat(powers.delta()).isCloseTo(golden.powers.get("delta"), close);
        assertThat(powers.theta()).isCloseTo(golden.powers.get("theta"), close);
        assertThat(powers.alpha()).isCloseTo(golden.powers.get("alpha"), close);
        assertThat(powers.sigma()).isCloseTo(golden.powers.get("sigma"), close);
        assertThat(powers.beta()).isCloseTo(golden.powers.get("beta"), close);
    }

    @ParameterizedTest
    @EnumSource(Band.class)
    void putASineIntoItsBand(Band band) {
        double middleHz = (band.lowHz() + band.highHz()) / 2;

        var powers = BandPowers.of(Waves.sine(middleHz, 10, 30, 100), 100);

        assertThat(powers.share(band)).isGreaterThan(0.99);
        // A sine's power is half its squared amplitude.
        assertThat(powers.total()).isCloseTo(50, within(0.5));
    }

    @Test
    void ofAFlatEpochAreZeroShares() {
        assertThat(BandPowers.of(new float[2000], 100).share(Band.DELTA)).isZero();
    }

    @Test
    void refuseARateTooLowForBeta() {
        assertThatThrownBy(() -> BandPowers.of(new float[2000], 50))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sampling rate must be at least 64 Hz, was 50.0");
    }

    @Test
    void refuseAnEpochTooShortForOneWindow() {
        assertThatThrownBy(() -> BandPowers.of(new float[399], 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an epoch needs at least 4 s of samples, had 399 at 100.0 Hz");
    }

    @Test
    void refuseASampleThatIsNoNumber() {
        var samples = new float[500];
        samples[7] = Float.NaN;

        assertThatThrownBy(() -> BandPowers.of(samples, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sample 7 is NaN");
    }

    private static float[] mixture(double rateHz, double seconds) {
        var samples = new float[(int) Math.round(rateHz * seconds)];
        for (int i = 0; i < samples.length; i++) {
            double t = i / rateHz;
            samples[i] = (float) (30 * Math.sin(2 * Math.PI * 1.3 * t)
                    + 12 * Math.sin(2 * Math.PI * 6.1 * t)
                    + 8 * Math.sin(2 * Math.PI * 13.7 * t)
                    + 5 * Math.sin(2 * Math.PI * 0.4 * t * t)
                    + 20);
        }
        return samples;
    }
}
