package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** An input is either read whole or refused by the format's own exception; so it is in every fuzz test here. */
class NpyFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("a.npy"), content);
        try {
            var npy = NpyFile.open(file);
            assertThat((long) npy.floats().length).isEqualTo(Shapes.elements(npy.shape()));
            assertThat(npy.rows() * npy.rowLength()).isEqualTo(npy.floats().length);
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(file + ", ");
        }
    }
}
