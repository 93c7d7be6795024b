package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.io.TempDir;

class AdapterConfigFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest
    void reads(byte[] content) throws IOException {
        Files.write(folder.resolve("adapter_config.json"), content);
        try {
            assertThat(PeftFolder.readConfig(folder).scaling()).isFinite();
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageStartingWith(folder.toString());
        }
    }
}
