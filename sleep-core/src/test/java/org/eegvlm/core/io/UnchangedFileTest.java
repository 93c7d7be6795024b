package org.eegvlm.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnchangedFileTest {

    private static final int BLOCK = 1 << 20;

    @TempDir
    Path folder;

    private final byte[] content = new byte[2 * BLOCK];
    private Path path;
    private UnchangedFile file;

    @BeforeEach
    void write() throws IOException {
        new SplittableRandom(1).nextBytes(content);
        path = Files.write(folder.resolve("file"), content);
        file = UnchangedFile.of(path);
    }

    @Test
    void givesTheSameBytesEachTime() throws IOException {
        assertThat(read()).isEqualTo(content);
        assertThat(read()).isEqualTo(content);
    }

    @Test
    void failsBeforeItGivesAChangedByte() throws IOException {
        try (var bytes = file.open()) {
            int first = bytes.read();
            content[2 * BLOCK - 1]++;
            Files.write(path, content);

            assertThat((byte) first).isEqualTo(content[0]);
            assertThat(bytes.readNBytes(BLOCK - 1)).isEqualTo(Arrays.copyOfRange(content, 1, BLOCK));
            assertThatThrownBy(bytes::read)
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("was changed while it was read");
        }
    }

    @Test
    void refusesOneThatHasGrown() throws IOException {
        Files.write(path, Arrays.copyOf(content, 2 * BLOCK + 1));

        assertThatThrownBy(this::read).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void refusesOneThatWasCutOff() throws IOException {
        Files.write(path, Arrays.copyOf(content, BLOCK));

        assertThatThrownBy(this::read).isInstanceOf(MalformedDataException.class);
    }

    private byte[] read() throws IOException {
        try (var bytes = file.open()) {
            return bytes.readAllBytes();
        }
    }
}
