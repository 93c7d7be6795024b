package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.Nf4Weight;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BitsAndBytesTest {

    private static final String NF4 = ".quant_state.bitsandbytes__nf4";
    private static final String STATE =
            "{\"quant_type\":\"nf4\",\"blocksize\":64,\"dtype\":\"float32\",\"shape\":[2,32]}";

    @TempDir
    private Path folder;

    private final Map<String, TensorData> tensors = new HashMap<>();

    /** Two rows of 32, all of level 15, which is 1, times 0.5: with plain statistics. */
    @BeforeEach
    void wellFormed() {
        var packed = ByteBuffer.allocate(32);
        while (packed.hasRemaining()) {
            packed.put((byte) 0xff);
        }
        tensors.put("a.weight", TensorData.of("U8", packed.flip(), 32, 1));
        tensors.put("a.weight.absmax", TensorData.f32(new float[] {0.5f}, 1));
        tensors.put("a.weight.quant_map", TensorData.f32(levels(), 16));
        tensors.put("a.weight" + NF4, text(STATE));
    }

    @Test
    void dequantizesAWeightThatIsAskedForAsFloats() throws IOException {
        var checkpoint = checkpoint();
        try (var values = checkpoint.tensor("a.weight", Device.cpu(), DataType.FLOAT32, 2, 32)) {
            assertThat(checkpoint.isQuantized("a.weight")).isTrue();
            assertThat(values.toFloatArray()).hasSize(64).containsOnly(0.5f);
        }
    }

    @Test
    void refusesFp4ByName() {
        tensors.put("a.weight.quant_state.bitsandbytes__fp4", tensors.remove("a.weight" + NF4));

        assertThatReadingFails("fp4", "nf4 alone");
    }

    @Test
    void refusesInt8ByName() {
        tensors.clear();
        tensors.put("a.weight", TensorData.of("I8", ByteBuffer.allocate(64), 2, 32));
        tensors.put("a.SCB", TensorData.f32(new float[] {1, 1}, 2));

        assertThatReadingFails("int8", "nf4 alone");
    }

    @Test
    void refusesAnotherBlockSize() {
        tensors.put("a.weight" + NF4, text(STATE.replace("64", "128")));

        assertThatReadingFails("blocks of 128");
    }

    @Test
    void refusesAnotherShapeThanTheModelWants() {
        tensors.put("a.weight" + NF4, text(STATE.replace("[2,32]", "[32,2]")));

        assertThatReadingFails("[32, 2]", "wants [2, 32]");
    }

    @Test
    void refusesAStateThatIsNoJson() {
        tensors.put("a.weight" + NF4, text("{\"quant_type\""));

        assertThatReadingFails("no JSON");
    }

    @Test
    void refusesOtherLevels() {
        var levels = levels();
        levels[3] = -0.4f;
        tensors.put("a.weight.quant_map", TensorData.f32(levels, 16));

        assertThatReadingFails("sixteen levels");
    }

    @Test
    void refusesTooFewMagnitudes() {
        tensors.put("a.weight.absmax", TensorData.f32(new float[0], 0));

        assertThatReadingFails("absmax", "[1]");
    }

    @Test
    void refusesQuantizedMagnitudesWithoutTheirScales() {
        tensors.put("a.weight.absmax", TensorData.of("U8", ByteBuffer.allocate(1), 1));

        assertThatReadingFails("scales");
    }

    private void assertThatReadingFails(String... words) {
        assertThatThrownBy(() -> checkpoint().tensor("a.weight", Device.cpu(), DataType.FLOAT32, 2, 32))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll("a.weight")
                .hasMessageContainingAll(words);
    }

    private Checkpoint checkpoint() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        return Checkpoint.open(folder);
    }

    private static float[] levels() {
        var kernels = Nf4Weight.kernels(Device.cpu());
        try (var like = kernels.manager().create(0f);
                var levels = kernels.tensor("nf4_levels", like)) {
            return levels.toFloatArray();
        }
    }

    private static TensorData text(String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return TensorData.of("U8", ByteBuffer.wrap(bytes), bytes.length);
    }
}
