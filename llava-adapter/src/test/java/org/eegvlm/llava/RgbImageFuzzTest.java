package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;

class RgbImageFuzzTest {

    private static final Path ORIGIN = Path.of("a.png");

    @FuzzTest
    void decodes(byte[] content) throws IOException {
        try {
            var image = RgbImage.decode(content, ORIGIN);
            assertThat((long) image.width() * image.height()).isBetween(1L, (long) RgbImage.MAX_PIXELS);
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith("a.png");
        }
    }
}
