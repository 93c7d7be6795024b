package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.io.TempDir;

class TorchZipFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("a.bin"), content);
        try {
            assertWrittenAgainIsTheSame(TorchZip.open(file));
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(file + ", ");
        }
    }

    private void assertWrittenAgainIsTheSame(TorchZip file) throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        for (var entry : file.tensors().entrySet()) {
            var info = entry.getValue();
            tensors.put(entry.getKey(), TensorData.of(info.dtype(), file.bytes(entry.getKey()), info.shape()));
        }
        var copy = folder.resolve("copy.bin");

        TorchZip.write(copy, tensors);

        var written = TorchZip.open(copy);
        assertThat(written.tensors()).hasSameSizeAs(tensors);
        for (var name : tensors.keySet()) {
            assertThat(written.bytes(name)).isEqualTo(tensors.get(name).bytes());
        }
    }
}
