package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.io.TempDir;

/** The same text as a recording and as its hypnogram. */
class TextNightFuzzTest {

    private static final Duration STEP = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("a.txt"), content);
        var format = new TextFormat(0.2, "CZ-A1", "uV", StageCodes.DREAMS, STEP);
        var night = new Night(
                "s", "n", file, Optional.of(file), Optional.of(format), Duration.ofSeconds(30), Optional.empty());
        try (var recording = night.open()) {
            var channel = recording.channels().get(0);
            assertThat(recording.microvolts(channel, 0, (int) channel.samples()))
                    .hasSize((int) channel.samples());
            assertThat(night.hypnogram(recording).stages()).hasSize((int) channel.samples() / 6);
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith(file.toString());
        }
    }
}
