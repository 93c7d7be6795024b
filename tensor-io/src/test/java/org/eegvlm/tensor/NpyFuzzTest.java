package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

class NpyFuzzTest {

    private final FuzzFile file = new FuzzFile();

    NpyFuzzTest() throws IOException {}

    /** Either all elements or the format's own exception. */
    @FuzzTest
    void reads(byte[] content) throws IOException {
        var path = file.holding(content);
        try {
            var npy = NpyFile.open(path);
            assertThat(npy.floats()).hasSize(Math.toIntExact(Shapes.elements(npy.shape())));
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(path + ", ");
        }
    }
}
