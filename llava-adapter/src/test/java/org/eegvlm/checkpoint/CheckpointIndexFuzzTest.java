package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.MalformedTensorException;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An input is either read whole or refused by the format's own exception; so it is in every fuzz test here. */
class CheckpointIndexFuzzTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeOneShard() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        var norm = Map.of("model.norm.weight", TensorData.f32(new float[] {1, 2}, 2));
        SafetensorsWriter.write(folder.resolve("model-00001-of-00001.safetensors"), norm, Map.of());
    }

    @FuzzTest
    void reads(byte[] content) throws IOException {
        Files.write(folder.resolve("model.safetensors.index.json"), content);
        try {
            var checkpoint = Checkpoint.open(folder);

            assertThat(checkpoint.names()).containsExactly("model.norm.weight");
        } catch (MalformedDataException | MalformedTensorException refused) {
            assertThat(refused).hasMessageStartingWith(folder.toString());
        }
    }
}
