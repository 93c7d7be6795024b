package org.eegvlm.vision.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;

class SpectrogramDrawerTest {

    private static final RenderSpec SPEC = RenderSpec.SPECTROGRAM;
    private static final SpectrogramLook LOOK = SpectrogramLook.DEFAULT;

    /** Half of the 2 Hz over which multitaper spectra are flat, in pixels. */
    private static final int WIDTH = 12;

    @Test
    void brightensTheFrequencyOfASine() {
        var image = draw(SPEC, sine(13));

        assertThat(brightestRow(image, 0, 336)).isCloseTo(336 * (30 - 13) / 30, within(WIDTH));
    }

    @Test
    void brightensItByFourierTransformToo() {
        var image = draw(SPEC.with(LOOK.withStft()), sine(13));

        assertThat(brightestRow(image, 0, 336)).isCloseTo(336 * (30 - 13) / 30, within(WIDTH));
    }

    @Test
    void givesOctavesEqualHeightsOnALogarithmicAxis() {
        var spec = SPEC.with(LOOK.withAxis(new SpectrogramLook.Axis(1, 32, true)));

        // Five octaves; 4 Hz is at two fifths from below, 16 Hz at four.
        assertThat(brightestRow(draw(spec, sine(4)), 0, 336)).isCloseTo(336 * 3 / 5, within(WIDTH));
        assertThat(brightestRow(draw(spec, sine(16)), 0, 336)).isCloseTo(336 / 5, within(4));
    }

    @Test
    void hasFixedColoursForPower() {
        var loud = sine(13);
        for (int i = 0; i < loud.length; i++) {
            loud[i] *= 100;
        }
        var image = draw(SPEC, loud);
        int row = brightestRow(image, 0, 336);

        assertThat(pixel(image, row, 168)).containsExactly(253, 231, 36); // the last of viridis
        assertThat(pixel(draw(SPEC, new float[3000]), row, 168)).containsExactly(68, 1, 84); // the first
    }

    @Test
    void leavesANeighbourThatWasNotRecordedWhite() {
        var spec = SPEC.with(LOOK.withNeighbours(1));
        var samples = new float[9000];
        Arrays.fill(samples, 0, 3000, Float.NaN);

        var image = draw(spec, samples);

        assertThat(pixel(image, 100, 50)).containsExactly(255, 255, 255);
        assertThat(pixel(image, 100, 168)).containsExactly(68, 1, 84);
    }

    @Test
    void refusesFrequenciesThatTheSignalCannotHave() {
        var spec = SPEC.with(LOOK.withAxis(new SpectrogramLook.Axis(0, 60, false)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> draw(spec, new float[3000]))
                .withMessageContaining("60.0 Hz")
                .withMessageContaining("100.0 Hz");
    }

    @Test
    void refusesWindowsLongerThanAnEpoch() {
        var ofTwoSeconds = RenderSpec.DEFAULT.withEpochSeconds(2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ofTwoSeconds.with(LOOK))
                .withMessageContaining("2.56 s");
    }

    @Test
    void drawsEverySpecAsItsJsonSays() throws Exception {
        var spec = SPEC.with(LOOK.withColours(ColourMap.JET).withNeighbours(2));

        assertThat(Json.MAPPER.readValue(Json.line(spec), RenderSpec.class)).isEqualTo(spec);
        assertThat(Json.MAPPER.readValue(Json.line(RenderSpec.WAVEFORM), RenderSpec.class))
                .isEqualTo(RenderSpec.WAVEFORM);
    }

    @Test
    void refusesASpecOfTwoPictures() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RenderSpec(
                        RenderSpec.LOOKS_VERSION,
                        SPEC.channels(),
                        30,
                        SPEC.canvas(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(WaveformLook.DEFAULT),
                        Optional.of(LOOK)))
                .withMessage("a render spec has one of trace, waveform and spectrogram, not 2");
    }

    private static EegImage draw(RenderSpec spec, float[] samples) {
        try (var renderer = new EpochRenderer(spec)) {
            return renderer.render(new float[][] {samples}, new double[] {100});
        }
    }

    private static float[] sine(double hz) {
        var samples = new float[3000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (5 * Math.sin(2 * Math.PI * hz * i / 100));
        }
        return samples;
    }

    private static int brightestRow(EegImage image, int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .max(Comparator.comparingInt(row -> pixel(image, row, 168)[1]))
                .orElseThrow();
    }

    private static int[] pixel(EegImage image, int row, int column) {
        int at = 3 * (row * image.width() + column);
        return IntStream.range(at, at + 3).map(i -> image.rgb()[i] & 0xFF).toArray();
    }
}
