package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageProcessorTest {

    private static final int SIZE = 48;

    @ParameterizedTest
    @ValueSource(strings = {"wide", "tall", "larger", "smaller", "same", "line", "double", "prime"})
    void padsAndResizesToPillowsVeryPixels(String name) throws IOException {
        var square = ImageProcessor.clip(SIZE, true).square(Golden.picture(name));

        assertThat(square.rgb()).isEqualTo(Golden.picture(name + "-padded").rgb());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide", "tall", "larger", "smaller", "same", "double", "prime"})
    void cropsToPillowsVeryPixelsWherePaddingIsOff(String name) throws IOException {
        var square = ImageProcessor.clip(SIZE, false).square(Golden.picture(name));

        assertThat(square.rgb()).isEqualTo(Golden.picture(name + "-cropped").rgb());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide", "prime"})
    void normalisesAsTransformersDoes(String name) throws IOException {
        var golden = SafetensorsFile.open(Golden.PICTURES.resolve("pixels.safetensors"));

        assertThat(ImageProcessor.clip(SIZE, true).pixels(Golden.picture(name)))
                .containsExactly(golden.floats(name + ".padded"));
        assertThat(ImageProcessor.clip(SIZE, false).pixels(Golden.picture(name)))
                .containsExactly(golden.floats(name + ".cropped"));
    }

    @Test
    void refusesALineThatWouldGrowWithoutBounds() {
        var line = new RgbImage(8192, 1, new byte[3 * 8192]);

        assertThatThrownBy(() -> ImageProcessor.clip(336, false).square(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8192×1 pixels is too narrow");
    }

    @Test
    void fillsWithTheMeanColour() {
        var line = new RgbImage(3, 1, new byte[9]);

        var square = ImageProcessor.clip(3, true).square(line);

        assertThat(square.rgb()).startsWith(122, 116, 104).endsWith(122, 116, 104);
        assertThat(square.rgb()[9]).isZero();
    }
}
