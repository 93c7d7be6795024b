package org.eegvlm.core.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.TestData;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.UnknownChannelException;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochSignalsTest {

    @TempDir
    Path folder;

    @Test
    void readsATextRecordingByWhatItsRowTells() throws IOException {
        writeNight();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            var window = signals.read(epoch(1, "Cz"), "Cz");

            assertThat(window.rateHz()).isEqualTo(64);
            assertThat(window.microvolts()).hasSize(1280).startsWith(1280f, 1281f);
        }
    }

    @Test
    void readsEpochsOfEqualLengthAtARateThatDoesNotDivideThem() throws IOException {
        // Two epochs of 20 s have 1279.5 samples each.
        var text = new TextSignal(63.975, "Cz", "uV");
        Files.write(folder.resolve("odd.txt"), Collections.nCopies(2559, "1"));
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            assertThat(signals.read(epoch(0, "odd.txt", text), "Cz").microvolts())
                    .hasSize(1280);
            assertThat(signals.read(epoch(1, "odd.txt", text), "Cz").microvolts())
                    .hasSize(1280);
        }
    }

    @Test
    void readsOneFileAtTheRateThatEachRowTells() throws IOException {
        writeNight();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            var slow = signals.read(epoch(0, "n1.txt", new TextSignal(64, "Cz", "uV")), "Cz");
            var quick = signals.read(epoch(0, "n1.txt", new TextSignal(128, "Cz", "uV")), "Cz");

            assertThat(slow.microvolts()).hasSize(1280);
            assertThat(quick.microvolts()).hasSize(2560);
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
                    .hasMessageEndingWith("epoch n1-2: it is not within the recording n1.txt, or there is a gap in it");
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
    void readsEveryEpochOfTheDreamsExcerptsAtItsOwnRate() throws IOException {
        assertThat(windowsOfDreams("excerpt1", "C3-A1", 100)).hasSize(90).allMatch(samples -> samples == 2000);
        assertThat(windowsOfDreams("excerpt6", "CZ-A1", 200)).hasSize(90).allMatch(samples -> samples == 4000);
    }

    private List<Integer> windowsOfDreams(String name, String channel, double rateHz) throws IOException {
        var text = new TextSignal(rateHz, channel, "uV");
        var recording =
                TestData.path("dreams/" + name + ".txt").toAbsolutePath().toString();
        var counts = new ArrayList<Integer>();
        try (var signals = new EpochSignals(folder.resolve("epochs.jsonl"))) {
            for (int epoch = 0; epoch < 90; epoch++) {
                var row = epoch(epoch, recording, text);
                counts.add(signals.read(row, channel).microvolts().length);
                assertThat(signals.findings(row).rmsMicrovolts()).isBetween(1.0, 500.0);
            }
        }
        return counts;
    }

    private void writeNight() throws IOException {
        Files.write(
                folder.resolve("n1.txt"),
                IntStream.range(0, 2560).mapToObj(Integer::toString).toList());
    }

    private static EpochRecord epoch(int epoch, String channel) {
        return epoch(epoch, "n1.txt", new TextSignal(64, channel, "uV"));
    }

    private static EpochRecord epoch(int epoch, String recording, TextSignal text) {
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
                recording,
                Optional.of(text),
                List.of(text.channel()),
                false);
    }
}
