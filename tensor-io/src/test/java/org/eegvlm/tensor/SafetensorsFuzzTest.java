package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("a.safetensors"), content);
        try {
            assertWrittenAgainIsTheSame(SafetensorsFile.open(file));
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(file + ", ");
        }
    }

    private void assertWrittenAgainIsTheSame(SafetensorsFile file) throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        for (var entry : file.tensors().entrySet()) {
            var info = entry.getValue();
            tensors.put(entry.getKey(), TensorData.of(info.dtype(), file.map(entry.getKey()), info.shape()));
        }
        var copy = folder.resolve("copy.safetensors");

        SafetensorsWriter.write(copy, tensors, file.metadata());

        var written = SafetensorsFile.open(copy);
        assertThat(written.metadata()).isEqualTo(file.metadata());
        assertThat(written.tensors()).hasSameSizeAs(tensors);
        for (var name : tensors.keySet()) {
            assertThat(written.map(name)).isEqualTo(file.map(name));
        }
    }
}
