package org.eegvlm.vision.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochRendererTest {

    private static final double RATE = 100;

    @TempDir
    Path folder;

    @Test
    void drawsTwiceTheVoltageTwiceAsHigh() {
        var spec = RenderSpec.DEFAULT.withGrid(false).withTrace(new RenderSpec.Trace(1, 100, 1));

        assertThat(inkedRows(draw(spec, sine(40, 1)))).isBetween(85L, 95L);
        assertThat(inkedRows(draw(spec, sine(80, 1)))).isBetween(175L, 185L);
    }

    @Test
    void drawsPositiveUpwards() {
        var samples = new float[3000];
        samples[1500] = 90;

        var image = draw(RenderSpec.DEFAULT.withGrid(false).withTrace(new RenderSpec.Trace(1, 100, 1)), samples);

        assertThat(darkest(image, 0, image.height() / 2 - 10)).isLessThan(200);
        assertThat(darkest(image, image.height() / 2 + 10, image.height())).isEqualTo(255);
    }

    @Test
    void takesOffAnElectrodesOffset() {
        var shifted = sine(40, 1);
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += 512;
        }

        assertThat(draw(RenderSpec.DEFAULT, shifted)).isEqualTo(draw(RenderSpec.DEFAULT, sine(40, 1)));
    }

    @Test
    void goesOnInTheNextRowWhereThePreviousEnds() {
        var spec = RenderSpec.DEFAULT.withGrid(false);
        var samples = new float[3000];
        // A jump to 60 uV at 5 s, when the second row begins; the mean of the epoch is taken off.
        for (int i = 500; i < 1000; i++) {
            samples[i] = 60;
        }

        var image = draw(spec, samples);

        int rowHeight = image.height() / 6;
        assertThat(highestInk(image, rowHeight, 3)).isLessThan(rowHeight + rowHeight / 2 - 8);
        assertThat(highestInk(image, 2 * rowHeight, 10)).isGreaterThan(2 * rowHeight + rowHeight / 2);
    }

    @Test
    void givesTheSameBytesInAnyNumberOfThreads() {
        try (var renderer = new EpochRenderer(RenderSpec.DEFAULT)) {
            var alone = IntStream.range(0, 24)
                    .mapToObj(i -> hash(renderer, sine(5 * i, 7)))
                    .toList();
            var together = IntStream.range(0, 24)
                    .parallel()
                    .mapToObj(i -> hash(renderer, sine(5 * i, 7)))
                    .toList();

            assertThat(together).isEqualTo(alone);
        }
    }

    @Test
    void drawsChannelsOfDifferentRatesBelowEachOther() {
        var spec = RenderSpec.DEFAULT.withChannels(List.of("EEG", "EOG")).withGrid(false);
        try (var renderer = new EpochRenderer(spec)) {
            var image =
                    renderer.render(new float[][] {new float[3000], sine(30, 1, 30 * 256)}, new double[] {100, 256});

            int line = image.height() / 12;
            assertThat(darkest(image, 0, line)).isLessThan(100);
            assertThat(darkest(image, line, 2 * line)).isLessThan(100);
        }
    }

    @Test
    void drawsEpochsOfTwentySeconds() {
        try (var renderer = new EpochRenderer(RenderSpec.DEFAULT.withEpochSeconds(20))) {
            var image = renderer.render(new float[][] {new float[4000]}, new double[] {200});

            assertThat(image.width()).isEqualTo(224);
        }
    }

    @Test
    void refusesAnEpochThatIsTooShort() {
        assertThatThrownBy(() -> draw(RenderSpec.DEFAULT, new float[2999]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EEG Fpz-Cz has 2999 samples")
                .hasMessageContaining("3000");
    }

    @Test
    void keepsThePictureThroughAPngFile() throws IOException {
        var image = draw(RenderSpec.DEFAULT, sine(50, 3));
        var file = folder.resolve("picture.png");
        Files.write(file, image.png());

        assertThat(EegImage.read(file)).isEqualTo(image);
    }

    @Test
    void refusesAFileThatIsNoPictureAndOneCutShort() throws IOException {
        var text = folder.resolve("text.png");
        Files.writeString(text, "no picture at all, only text");
        var cut = folder.resolve("cut.png");
        Files.write(cut, Arrays.copyOf(draw(RenderSpec.DEFAULT, sine(50, 3)).png(), 40));

        assertThatThrownBy(() -> EegImage.read(text)).isInstanceOf(MalformedDataException.class);
        assertThatThrownBy(() -> EegImage.read(cut)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void namesEveryWayOfDrawingByItsOwnHash() throws IOException {
        var file = folder.resolve("render.json");
        Json.write(file, RenderSpec.DEFAULT);

        assertThat(RenderSpec.read(file).sha256()).isEqualTo(RenderSpec.DEFAULT.sha256());
        assertThat(RenderSpec.DEFAULT.withGrid(false).sha256()).isNotEqualTo(RenderSpec.DEFAULT.sha256());
    }

    private static EegImage draw(RenderSpec spec, float[] samples) {
        try (var renderer = new EpochRenderer(spec)) {
            return renderer.render(new float[][] {samples}, new double[] {RATE});
        }
    }

    private static String hash(EpochRenderer renderer, float[] samples) {
        return Sha256.of(
                renderer.render(new float[][] {samples}, new double[] {RATE}).png());
    }

    private static float[] sine(double microvolts, double hz) {
        return sine(microvolts, hz, 3000);
    }

    private static float[] sine(double microvolts, double hz, int count) {
        var samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (microvolts * Math.sin(2 * Math.PI * hz * i * 30 / count));
        }
        return samples;
    }

    private static long inkedRows(EegImage image) {
        return IntStream.range(0, image.height())
                .filter(row -> darkest(image, row, row + 1) < 128)
                .count();
    }

    private static int darkest(EegImage image, int fromRow, int toRow) {
        return IntStream.range(fromRow * image.width(), toRow * image.width())
                .map(pixel -> image.rgb()[3 * pixel] & 0xFF)
                .min()
                .orElseThrow();
    }

    /** The first row below {@code fromRow} with ink in the given column. */
    private static int highestInk(EegImage image, int fromRow, int column) {
        return IntStream.range(fromRow, image.height())
                .filter(row -> (image.rgb()[3 * (row * image.width() + column)] & 0xFF) < 128)
                .findFirst()
                .orElseThrow();
    }
}
