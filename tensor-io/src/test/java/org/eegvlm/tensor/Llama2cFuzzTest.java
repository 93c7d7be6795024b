package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class Llama2cFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var path = Files.write(folder.resolve("a.bin"), content);
        try {
            var file = Llama2cFile.open(path);
            for (var tensor : file.tensors().entrySet()) {
                assertThat((long) file.floats(tensor.getKey()).length)
                        .isEqualTo(tensor.getValue().elements());
            }
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(path + ", ");
        }
    }
}
