package org.eegvlm.vision.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.core.io.Sha256;
import org.junit.jupiter.api.Test;

class WaveformDrawerTest {

    private static final RenderSpec SPEC = RenderSpec.WAVEFORM.with(look(1, 100));

    @Test
    void drawsTwiceTheVoltageTwiceAsHigh() {
        assertThat(inkedRows(draw(SPEC, triangle(42)))).isBetween(137L, 143L);
        assertThat(inkedRows(draw(SPEC, triangle(84)))).isBetween(279L, 285L);
    }

    @Test
    void drawsPositiveUpwardsUnlessToldOtherwise() {
        var samples = new float[3000];
        Arrays.fill(samples, 1490, 1510, 90);
        var negativeUp = SPEC.with(look(1, 100).withNegativeUp(true));

        assertThat(darkest(draw(SPEC, samples), 20, 120)).isLessThan(200);
        assertThat(darkest(draw(SPEC, samples), 216, 316)).isEqualTo(255);
        assertThat(darkest(draw(negativeUp, samples), 20, 120)).isEqualTo(255);
        assertThat(darkest(draw(negativeUp, samples), 216, 316)).isLessThan(200);
    }

    @Test
    void looksLikeTheTraceThatOpenCvDraws() {
        var trace = RenderSpec.DEFAULT.withCanvas(RenderSpec.WAVEFORM.canvas());
        var samples = triangle(50);

        var quick = draw(RenderSpec.WAVEFORM, samples).rgb();
        var slow = draw(trace, samples).rgb();

        double difference = IntStream.range(0, quick.length)
                .map(i -> Math.abs((quick[i] & 0xFF) - (slow[i] & 0xFF)))
                .average()
                .orElseThrow();
        // Of 255: the thickness of OpenCV's line is rounded to a third of a pixel, its grid lies between pixels.
        assertThat(difference).isLessThan(6);
    }

    @Test
    void givesTheSameBytesOnEveryMachineAndInAnyNumberOfThreads() {
        try (var renderer = new EpochRenderer(RenderSpec.WAVEFORM)) {
            var hashes = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> Sha256.of(renderer.render(new float[][] {triangle(50)}, new double[] {100})
                            .png()))
                    .distinct()
                    .toList();

            assertThat(hashes).containsExactly("ead124dbef451a90b78d30d94dec55da0b8fd91b8b9a295c119766e85d2db27e");
        }
    }

    @Test
    void drawsNeighboursPalerAndLeavesOutWhatWasNotRecorded() {
        var spec = SPEC.with(look(1, 100).withNeighbours(1));
        var samples = new float[9000];
        Arrays.fill(samples, 0, 3000, Float.NaN);
        System.arraycopy(triangle(50), 0, samples, 3000, 3000);
        System.arraycopy(triangle(50), 0, samples, 6000, 3000);

        var image = draw(spec, samples);

        assertThat(darkest(image, 0, 336, 0, 110)).isEqualTo(255);
        assertThat(darkest(image, 0, 336, 115, 220)).isLessThan(100);
        assertThat(darkest(image, 0, 336, 226, 336)).isBetween(140, 200);
    }

    @Test
    void drawsEachChannelAtItsOwnScale() {
        var spec = SPEC.withChannels(List.of("EEG", "EOG")).with(look(1, 100).withMicrovolts(List.of(50.0, 200.0)));
        try (var renderer = new EpochRenderer(spec)) {
            var image = renderer.render(new float[][] {triangle(40), triangle(40)}, new double[] {100, 100});

            assertThat(inkedRows(image, 0, 168)).isBetween(132L, 138L);
            assertThat(inkedRows(image, 168, 336)).isBetween(32L, 37L);
        }
    }

    @Test
    void refusesScalesThatSuitNoChannels() {
        var look = look(1, 100).withMicrovolts(List.of(50.0, 200.0));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.with(look))
                .withMessage("2 half-scales do not suit 1 channels");
    }

    private static WaveformLook look(int rows, double microvolts) {
        return WaveformLook.DEFAULT
                .withRows(rows)
                .withMicrovolts(List.of(microvolts))
                .withGrid(false);
    }

    private static EegImage draw(RenderSpec spec, float[] samples) {
        try (var renderer = new EpochRenderer(spec)) {
            return renderer.render(new float[][] {samples}, new double[] {100});
        }
    }

    /** Of 1 Hz. */
    private static float[] triangle(int microvolts) {
        var samples = new float[3000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = microvolts * (25 - Math.abs(i % 100 - 50)) / 25f;
        }
        return samples;
    }

    private static long inkedRows(EegImage image) {
        return inkedRows(image, 0, image.height());
    }

    private static long inkedRows(EegImage image, int fromRow, int toRow) {
        return IntStream.range(fromRow, toRow)
                .filter(row -> darkest(image, row, row + 1) < 200)
                .count();
    }

    private static int darkest(EegImage image, int fromRow, int toRow) {
        return darkest(image, fromRow, toRow, 0, image.width());
    }

    private static int darkest(EegImage image, int fromRow, int toRow, int fromColumn, int toColumn) {
        return IntStream.range(fromRow, toRow)
                .flatMap(row -> IntStream.range(fromColumn, toColumn)
                        .map(column -> image.samples()[row * image.width() + column] & 0xFF))
                .min()
                .orElseThrow();
    }
}
