package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImageTest {

    @ParameterizedTest
    @CsvSource({"grey.png, grey-as-rgb.png", "palette.png, palette-as-rgb.png", "alpha.png, rgb.png", "rgb.bmp, rgb.png"
    })
    void turnsEveryKindOfPictureIntoTheColoursPillowSees(String file, String expected) throws IOException {
        var image = RgbImage.read(Golden.PICTURES.resolve(file));

        assertThat(image.rgb())
                .isEqualTo(RgbImage.read(Golden.PICTURES.resolve(expected)).rgb());
    }

    @Test
    void readsJpeg() throws IOException {
        var image = RgbImage.read(Golden.PICTURES.resolve("rgb.jpg"));

        assertThat(image.width()).isEqualTo(9);
        assertThat(image.height()).isEqualTo(7);
    }

    @Test
    void refusesAPictureThatClaimsTooManyPixelsBeforeDecodingIt() throws IOException {
        var bytes = Files.readAllBytes(Golden.PICTURES.resolve("rgb.png"));
        ByteBuffer.wrap(bytes).putInt(16, 100_000).putInt(20, 100_000);
        var header = new CRC32();
        header.update(bytes, 12, 17);
        ByteBuffer.wrap(bytes).putInt(29, (int) header.getValue());

        assertThatThrownBy(() -> RgbImage.decode(bytes, Path.of("bomb.png")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("bomb.png, header: 10000000000 pixels");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 20, 60, 100})
    void refusesATruncatedFile(int length) throws IOException {
        var bytes = Arrays.copyOf(Files.readAllBytes(Golden.PICTURES.resolve("rgb.png")), length);

        assertThatThrownBy(() -> RgbImage.decode(bytes, Path.of("cut.png")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("cut.png");
    }

    @Test
    void refusesWhatIsNoPicture() {
        var text = "not a picture".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> RgbImage.decode(text, Path.of("notes.txt")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("notes.txt: neither PNG, JPEG nor BMP");
    }
}
