package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against SciPy and MNE; written by reference/make_signals.py. */
class SignalsGoldenTest {

    private static final int STRIDE = 23;

    record Kept(int size, double largest, double[] values) {}

    record Filter(
            String kind,
            int order,
            double lowHz,
            double highHz,
            double rateHz,
            int count,
            @JsonUnwrapped Kept kept) {}

    record Notch(
            double hz,
            double quality,
            double rateHz,
            int count,
            @JsonUnwrapped Kept kept) {}

    record Resampling(
            double rateHz,
            double toHz,
            int count,
            @JsonUnwrapped Kept kept) {}

    record Spectrum(
            double rateHz,
            int count,
            int window,
            int step,
            double binHz,
            double firstSecond,
            double lastSecond,
            @JsonUnwrapped Kept kept) {}

    record TaperSet(
            int length,
            double halfBandwidth,
            int most,
            double[] concentrations,
            @JsonUnwrapped Kept kept) {}

    record Tapered(
            double rateHz,
            int count,
            double bandwidthHz,
            @JsonUnwrapped Kept kept) {}

    record Golden(
            List<Filter> filters,
            List<Notch> notches,
            List<Resampling> resamplings,
            List<Spectrum> spectrograms,
            List<TaperSet> tapers,
            List<Tapered> multitapers) {}

    private static Golden golden() throws IOException {
        try (var json = SignalsGoldenTest.class.getResourceAsStream("signals.json")) {
            return Json.MAPPER.readValue(json, Golden.class);
        }
    }

    static Stream<Filter> filters() throws IOException {
        return golden().filters.stream();
    }

    static Stream<Notch> notches() throws IOException {
        return golden().notches.stream();
    }

    static Stream<Resampling> resamplings() throws IOException {
        return golden().resamplings.stream();
    }

    static Stream<Spectrum> spectrograms() throws IOException {
        return golden().spectrograms.stream();
    }

    static Stream<TaperSet> tapers() throws IOException {
        return golden().tapers.stream();
    }

    static Stream<Tapered> multitapers() throws IOException {
        return golden().multitapers.stream();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void filtersAsSciPyDoes(Filter golden) {
        var filter = switch (golden.kind) {
            case "bandpass" -> Butterworth.bandPass(golden.order, golden.lowHz, golden.highHz, golden.rateHz);
            case "highpass" -> Butterworth.highPass(golden.order, golden.lowHz, golden.rateHz);
            default -> Butterworth.lowPass(golden.order, golden.highHz, golden.rateHz);
        };
        assertEqual(filter.zeroPhase(samples(golden.rateHz, golden.count)), golden.kept, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("notches")
    void takesTheMainsOutAsSciPyDoes(Notch golden) {
        var filter = SecondOrderSections.notch(golden.hz, golden.quality, golden.rateHz);
        assertEqual(filter.zeroPhase(samples(golden.rateHz, golden.count)), golden.kept, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("resamplings")
    void resamplesAsSciPyDoes(Resampling golden) {
        var resampler = Resampler.between(golden.rateHz, golden.toHz);
        assertEqual(resampler.apply(samples(golden.rateHz, golden.count)), golden.kept, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("spectrograms")
    void spreadsPowerOverTimeAndFrequencyAsSciPyDoes(Spectrum golden) {
        var spectrogram =
                Spectrogram.hann(samples(golden.rateHz, golden.count), golden.rateHz, golden.window, golden.step);

        assertEqual(flat(spectrogram.density()), golden.kept, 1e-9);
        assertThat(spectrogram.hz(1)).isCloseTo(golden.binHz, within(1e-12));
        assertThat(spectrogram.second(0)).isCloseTo(golden.firstSecond, within(1e-12));
        assertThat(spectrogram.second(spectrogram.density().length - 1)).isCloseTo(golden.lastSecond, within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("tapers")
    void makesTheTapersThatSciPyMakes(TaperSet golden) {
        var tapers = Tapers.of(golden.length, golden.halfBandwidth, golden.most);

        assertEqual(flat(tapers.sequences().toArray(double[][]::new)), golden.kept, 1e-9);
        assertThat(tapers.concentrations()).containsExactly(golden.concentrations, within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("multitapers")
    void averagesTapersAsMneDoes(Tapered golden) {
        var multitaper = new Multitaper(golden.count, golden.rateHz, golden.bandwidthHz);
        assertEqual(multitaper.density(samples(golden.rateHz, golden.count)), golden.kept, 1e-7);
    }

    /** @param share of the largest value, by which each may differ */
    private static void assertEqual(double[] actual, Kept golden, double share) {
        assertThat(actual).hasSize(golden.size);
        var kept = new double[golden.values.length];
        Arrays.setAll(kept, i -> actual[STRIDE * i]);
        assertThat(kept).containsExactly(golden.values, within(share * golden.largest));
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /** As the script makes them. */
    private static double[] samples(double rateHz, int count) {
        var samples = new double[count];
        long state = 1;
        for (int i = 0; i < count; i++) {
            state = (state * 1103515245 + 12345) % (1L << 31);
            double t = i / rateHz;
            samples[i] = 50 * Math.sin(2 * Math.PI * 1.1 * t)
                    + 20 * Math.sin(2 * Math.PI * 9.7 * t)
                    + 10 * Math.sin(2 * Math.PI * 50 * t)
                    + 40 * (state / (double) (1L << 31) - 0.5)
                    + 30;
        }
        return samples;
    }
}
