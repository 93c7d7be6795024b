package org.eegvlm.core.night;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.io.TempDir;

/** The same bytes as XML and as text. */
class ScoringsFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        read(Files.write(folder.resolve("a.xml"), content));
        read(Files.write(folder.resolve("a.csv"), content));
    }

    private static void read(Path file) throws IOException {
        try {
            var scoring = Scorings.read(file, Optional.of(StageCodes.EDF), Hypnogram.AASM_EPOCH);
            var hypnogram = Scorings.hypnogram(file, scoring, Hypnogram.AASM_EPOCH);
            assertThat(hypnogram.scored())
                    .isLessThanOrEqualTo(hypnogram.epochs().size());
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith(file.toString());
        }
    }
}
