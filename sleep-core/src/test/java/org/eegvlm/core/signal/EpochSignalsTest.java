package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.UnknownChannelException;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochSignalsTest {

    private static final String NIGHTS = """
            [{"subject": "1", "night": "n1", "recording": "n1.txt", "rate_hz": 64, "channel": "Cz", "epoch_seconds": 20}]
            """;

    @TempDir
    Path folder;

    @Test
    void readsATextRecordingByTheListOfNights() throws IOException {
        writeNight();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            var window = signals.read(epoch(1, "Cz"), "Cz");

            assertThat(window.rateHz()).isEqualTo(64);
            assertThat(window.microvolts()).hasSize(1280).startsWith(1280f, 1281f);
        }
    }

    @Test
    void measuresTheFirstChannel() throws IOException {
        writeNight();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            var window = signals.read(epoch(0, "Cz"), "Cz");

            assertThat(signals.findings(epoch(0, "Cz"))).isEqualTo(Findings.of(window.microvolts(), 64));
        }
    }

    @Test
    void refusesAnEpochBeyondTheRecording() throws IOException {
        writeNight();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            assertThatThrownBy(() -> signals.read(epoch(2, "Cz"), "Cz"))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageEndingWith("epoch n1-2: it is not within the recording n1.txt");
        }
    }

    @Test
    void refusesAnUnknownChannel() throws IOException {
        writeNight();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            assertThatThrownBy(() -> signals.read(epoch(0, "Cz"), "Oz")).isInstanceOf(UnknownChannelException.class);
        }
    }

    @Test
    void asksForTheListOfNightsWhereItIsMissing() throws IOException {
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            assertThatThrownBy(() -> signals.read(epoch(0, "Cz"), "Cz"))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("n1.txt is no EDF, and there is no ");
        }
    }

    private void writeNight() throws IOException {
        Files.write(
                folder.resolve("n1.txt"),
                IntStream.range(0, 2560).mapToObj(Integer::toString).toList());
        Files.writeString(folder.resolve("nights.json"), NIGHTS);
    }

    private static EpochRecord epoch(int epoch, String channel) {
        return new EpochRecord(
                "n1-" + epoch,
                "1",
                "n1",
                epoch,
                epoch * 20.0,
                20,
                Optional.empty(),
                Split.EVAL,
                "n1.png",
                "",
                "",
                "n1.txt",
                List.of(channel),
                false);
    }
}
