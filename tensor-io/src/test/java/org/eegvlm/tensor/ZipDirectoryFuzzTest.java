package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.tensor.ZipDirectory.Entry;
import org.junit.jupiter.api.io.TempDir;

class ZipDirectoryFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        var file = Files.write(folder.resolve("a.zip"), content);
        try {
            var entries = ZipDirectory.read(file);
            assertThat(entries.keySet()).noneMatch(name -> ("/" + name).contains("/../"));
            assertThat(entries.values().stream().mapToLong(Entry::size).sum()).isLessThanOrEqualTo(content.length);
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(file + ", ");
        }
    }
}
