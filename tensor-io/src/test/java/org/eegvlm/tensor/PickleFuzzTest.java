package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

class PickleFuzzTest {

    private static final Path FILE = Path.of("a.bin");

    @FuzzTest
    void reads(byte[] content) throws IOException {
        try {
            assertThat(PickleMachine.load(FILE, ByteBuffer.wrap(content))).isNotNull();
        } catch (MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith("a.bin, data.pkl, byte ");
        }
    }
}
