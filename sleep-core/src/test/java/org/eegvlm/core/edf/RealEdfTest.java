package org.eegvlm.core.edf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDateTime;
import org.eegvlm.core.Channel;
import org.eegvlm.core.TestData;
import org.junit.jupiter.api.Test;

class RealEdfTest {

    @Test
    void readsAnOddFileOrTellsWhatIsWrong() throws IOException {
        try (var fixtures = Files.list(TestData.path("edf-fixtures"))) {
            for (var fixture : fixtures.toList()) {
                EdfRecordingTest.readAll(fixture);
            }
        }
    }

    @Test
    void readsTheLayoutOfSleepEdf() throws IOException {
        try (var recording = EdfRecording.open(TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf"))) {
            assertThat(recording.channels())
                    .extracting(Channel::label)
                    .containsExactly(
                            "EEG Fpz-Cz",
                            "EEG Pz-Oz",
                            "EOG horizontal",
                            "Resp oro-nasal",
                            "EMG submental",
                            "Temp rectal",
                            "Event marker");
            assertThat(recording.channel("EEG Fpz-Cz").samplingRateHz()).isEqualTo(100);
            assertThat(recording.start()).contains(LocalDateTime.of(1989, 4, 24, 16, 13));
            assertThat(recording.duration()).isEqualTo(Duration.ofMinutes(5));
            assertThat(recording.simulated()).isFalse();
        }
    }

    @Test
    void writesTheSleepEdfHeaderByteByByte() throws IOException {
        var original = TestData.path("sleep-edf/SC4001E0-PSG-first5min.edf");
        var copy = Files.createTempFile("copy", ".edf");
        try (var recording = EdfRecording.open(original);
                var writer = EdfWriter.create(copy, recording.header(), 10)) {
            for (int record = 0; record < 10; record++) {
                var samples = new double[7][];
                for (var channel : recording.channels()) {
                    int count = (int) (channel.samples() / 10);
                    samples[channel.index()] = recording.physical(channel, (long) record * count, count);
                }
                writer.append(samples);
            }
        }
        assertThat(copy).hasSameBinaryContentAs(original);
        Files.delete(copy);
    }
}
