package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FiltersTest {

    @Test
    void aLowPassKeepsAConstant() {
        var constant = new double[100];
        Arrays.fill(constant, 7);
        assertThat(Butterworth.lowPass(4, 30, 100).zeroPhase(constant)).containsExactly(constant, within(1e-9));
    }

    @Test
    void aHighPassTakesAConstantAway() {
        var constant = new double[100];
        Arrays.fill(constant, 7);
        assertThat(Butterworth.highPass(4, 0.5, 100).zeroPhase(constant))
                .containsExactly(new double[100], within(1e-9));
    }

    @Test
    void refusesAnEdgeAboveHalfTheRate() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Butterworth.bandPass(4, 0.3, 50, 100))
                .withMessage("a filter's edge must be between 0 and half the sampling rate of 100.0 Hz, was 50.0 Hz");
    }

    @Test
    void refusesABandUpsideDown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Butterworth.bandPass(4, 35, 0.3, 100))
                .withMessageContaining("35.0 to 0.3 Hz");
    }

    @Test
    void refusesFewerSamplesThanItPutsAtTheEnds() {
        var filter = Butterworth.bandPass(4, 0.3, 35, 100);
        assertThat(filter.zeroPhase(new double[filter.leastSamples()])).hasSize(28);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> filter.zeroPhase(new double[27]))
                .withMessage("the filter needs at least 28 samples, had 27");
    }

    @Test
    void resamplesToTheSameRateByCopying() {
        var samples = new double[] {1, 2, 3};
        assertThat(Resampler.between(128.5, 128.5).apply(samples))
                .containsExactly(samples)
                .isNotSameAs(samples);
    }

    @Test
    void refusesRatesWithoutARatioOfWholeNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resampler.between(100 * Math.PI, 100))
                .withMessageContaining("are in no ratio of whole numbers up to 10000");
    }

    @Test
    void refusesTapersThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Multitaper(100, 100, 0.5))
                .withMessage("a bandwidth of 0.5 Hz does not suit windows of 1.0 s at 100.0 Hz");
    }

    @Test
    void refusesWindowsLongerThanTheSignal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spectrogram.hann(new double[100], 100, 200, 50))
                .withMessage("windows of 200 samples, 50 apart, do not fit into 100");
    }
}
