package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeFileTest {

    private static final int SAMPLES = 30_000;
    private static final int RECORDS = 90_000;
    private static final long DATA_BYTES = 2L * SAMPLES * RECORDS;

    @TempDir
    Path folder;

    @Test
    void readsTheEndOfAFileOfMoreThanFourGigabytes() throws IOException {
        var file = sparse();

        try (var recording = EdfRecording.open(file)) {
            var channel = recording.channel("EEG");
            assertThat(Files.size(file)).isGreaterThan(5L << 30);
            assertThat(recording.warnings()).isEmpty();
            assertThat(channel.samples()).isEqualTo((long) SAMPLES * RECORDS);
            assertThat(recording.digital(channel, channel.samples() - 3, 3)).containsExactly(0, 258, -2);
        }
    }

    /** Nothing but a header and two samples is written; Linux' file systems keep no blocks for the rest. */
    private Path sparse() throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").startsWith("Linux"), "SKIPPED: the disk may not know sparse files");
        var signal = new EdfSignal("EEG", "", "uV", -200, 200, -2048, 2047, "", SAMPLES);
        var header = EdfHeader.plain("X", "X", LocalDateTime.of(2000, 1, 1, 22, 0), 1, List.of(signal));
        var file = folder.resolve("large.edf");
        Files.write(file, HeaderText.of(header, RECORDS));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {2, 1, -2, -1}), header.headerBytes() + DATA_BYTES - 4);
        } catch (IOException e) {
            Assumptions.abort("SKIPPED: the disk takes no file of this size: " + e);
        }
        return file;
    }
}
