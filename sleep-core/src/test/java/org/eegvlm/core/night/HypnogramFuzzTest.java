package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class HypnogramFuzzTest {

    private static final int EPOCHS = 4;

    @TempDir
    Path folder;

    @BeforeEach
    void recordFourEpochs() throws IOException {
        var eeg = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -2048, 2047, "", 1);
        var header = EdfHeader.plain("", "", LocalDateTime.of(1989, 4, 24, 16, 13, 0), 30, List.of(eeg));
        try (var writer = EdfWriter.create(folder.resolve("a.edf"), header, EPOCHS)) {
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                writer.append(new double[][] {{0}});
            }
        }
    }

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var hypnogram = Files.write(folder.resolve("hypnogram.edf"), content);
        var night = Night.edf("s", "n", folder.resolve("a.edf"), Optional.of(hypnogram));
        try (var recording = night.open()) {
            assertThat(night.hypnogram(recording).stages()).hasSize(EPOCHS);
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageContaining(hypnogram.toString());
        }
    }
}
