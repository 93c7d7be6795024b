package org.eegvlm.vision.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights of 30 samples each in plain text, of which two may be in memory. */
class OpenRecordingsTest {

    private static final TextSignal MICROVOLTS = new TextSignal(1, "Fpz", "uV");
    private static final TextSignal MILLIVOLTS = new TextSignal(1, "Fpz", "mV");

    @TempDir
    Path folder;

    private OpenRecordings recordings;

    @BeforeEach
    void open() {
        var spec = RenderSpec.WAVEFORM.withChannels(List.of("Fpz"));
        recordings = new OpenRecordings(folder.resolve("epochs.jsonl"), spec, 60);
    }

    @AfterEach
    void close() throws IOException {
        recordings.close();
    }

    @Test
    void closesTheLeastRecentlyUsedWhenTooManySamplesAreInMemory() throws IOException {
        var first = recordings.of(night("first", 30));
        var second = recordings.of(night("second", 30));
        assertThat(recordings.of(night("first", 30))).isSameAs(first);

        recordings.of(night("third", 30));

        assertThat(recordings.of(night("first", 30))).isSameAs(first);
        assertThat(recordings.of(night("second", 30))).isNotSameAs(second);
    }

    @Test
    void keepsARecordingThatIsLargerThanAllMayBe() throws IOException {
        var large = recordings.of(night("large", 90));

        assertThat(recordings.of(night("large", 90))).isSameAs(large);
    }

    @Test
    void readsOneTextInTheUnitThatEachEpochTells() throws IOException {
        var small = recordings.of(night("night", 30, MICROVOLTS));
        var large = recordings.of(night("night", 30, MILLIVOLTS));

        assertThat(small.windows().read(0).get(0).microvolts()).containsOnly(1f);
        assertThat(large.windows().read(0).get(0).microvolts()).containsOnly(1000f);
    }

    private EpochRecord night(String name, int samples) throws IOException {
        return night(name, samples, MICROVOLTS);
    }

    private EpochRecord night(String name, int samples, TextSignal signal) throws IOException {
        Files.writeString(folder.resolve(name + ".txt"), "1\n".repeat(samples));
        return new EpochRecord(
                name,
                name,
                name,
                0,
                0,
                30,
                Optional.empty(),
                Split.TRAIN,
                name + ".png",
                "",
                "",
                name + ".txt",
                Optional.of(signal),
                List.of("Fpz"),
                false);
    }
}
