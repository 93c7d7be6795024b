package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar of two rows. */
class FeatureRowsFuzzTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeTwoRows() throws IOException {
        NpyFile.write(folder.resolve("a.npy"), new long[] {2, 1, 2}, new float[] {1, 2, 3, 4});
    }

    @FuzzTest
    void reads(byte[] sidecar) throws IOException {
        Files.write(folder.resolve("a.json"), sidecar);
        try {
            assertThat(FeatureRows.read(folder.resolve("a.npy"), 2).size()).isEqualTo(2);
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith(folder.toString());
        }
    }
}
