package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.io.TempDir;

/** An input is either read whole or refused by the format's own exception; so it is in every fuzz test here. */
class EdfFuzzTest {

    private static final int WINDOW = 1000;

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("a.edf"), content);
        try (var recording = EdfRecording.open(file)) {
            var info = EdfInfo.of(recording, true);
            assertThat(info.annotations()).allMatch(text -> Double.isFinite(text.onset()));
            assertThat(recording.duration().isNegative()).isFalse();
            for (var channel : recording.channels()) {
                int count = (int) Math.min(WINDOW, channel.samples());
                assertThat(recording.digital(channel, channel.samples() - count, count))
                        .hasSize(count);
            }
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith(file.toString());
        }
    }
}
