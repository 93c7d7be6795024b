package org.eegvlm.vision.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreyPngTest {

    @TempDir
    Path folder;

    /** From all pixels alike to all unlike; the lengths of codes grow with the differences in frequency. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.1, 0.5, 1})
    void isReadAsItWasWritten(double noise) throws IOException {
        var random = new Random(1);
        var pixels = new byte[301 * 173];
        Arrays.fill(pixels, (byte) 255);
        for (int i = 0; i < pixels.length; i++) {
            if (random.nextDouble() < noise) {
                pixels[i] = (byte) (32 * random.nextGaussian());
            }
        }
        var image = EegImage.grey(301, 173, pixels);
        var file = Files.write(folder.resolve("grey.png"), image.png());

        assertThat(EegImage.read(file)).isEqualTo(image);
        assertThat(ImageIO.read(file.toFile()).getRaster().getDataElements(0, 0, 301, 173, null))
                .isEqualTo(pixels);
    }

    /** Black is what stands behind the data, too; the last run must not go on there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 9, 16, 17, 258, 259, 262, 600})
    void endsWithThePicture(int width) throws IOException {
        var image = EegImage.grey(width, 1, new byte[width]);

        var read = ImageIO.read(new ByteArrayInputStream(image.png())).getRaster();

        assertThat(read.getDataElements(0, 0, width, 1, null)).isEqualTo(image.samples());
    }

    @Test
    void codesValuesOfVeryDifferentFrequency() throws IOException {
        // Fibonacci's numbers make Huffman's tree a chain of 24; a code may have no more than 15 bits.
        var pixels = new byte[512 * 256];
        int at = 0;
        for (int value = 1, count = 1, next = 1; at + 2 * count < pixels.length; value++) {
            for (int i = 0; i < count; i++) {
                pixels[at++] = (byte) value;
                pixels[at++] = (byte) 200; // no runs
            }
            int sum = count + next;
            count = next;
            next = sum;
        }

        var png = EegImage.grey(512, 256, pixels).png();

        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getRaster().getDataElements(0, 0, 512, 256, null))
                .isEqualTo(pixels);
    }
}
