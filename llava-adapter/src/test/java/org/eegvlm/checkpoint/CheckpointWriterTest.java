package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.eegvlm.core.Progress;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {

    @TempDir
    private Path folder;

    @Test
    void writesOneFileWhereAllFits() throws IOException {
        writer("a", "b", "c").write(folder, 60, Progress.SILENT);

        assertThat(folder).isDirectoryContaining("glob:**/model.safetensors");
        assertThat(SafetensorsFile.open(folder.resolve("model.safetensors")).tensors())
                .containsOnlyKeys("a", "b", "c");
    }

    @Test
    void startsAShardWhereTheNextTensorWouldOverfillIt() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        writer("a", "b", "c").write(folder, 40, Progress.SILENT);

        var checkpoint = Checkpoint.open(folder);
        try (var tensor = checkpoint.tensor("c", Device.cpu(), DataType.FLOAT32, 5)) {
            assertThat(checkpoint.names()).containsExactly("a", "b", "c");
            assertThat(tensor.toFloatArray()).containsExactly('c', 'c', 'c', 'c', 'c');
        }
        assertThat(SafetensorsFile.open(folder.resolve("model-00001-of-00002.safetensors"))
                        .tensors())
                .containsOnlyKeys("a", "b");
        assertThat(folder.resolve("model.safetensors.index.json"))
                .content()
                .contains("\"total_size\" : 60")
                .contains("\"c\" : \"model-00002-of-00002.safetensors\"");
    }

    @Test
    void tellsHowFarItIs() throws IOException {
        var told = new ArrayList<String>();
        writer("a", "b", "c").write(folder, 20, (task, done, total, note) -> told.add(done + "/" + total));

        assertThat(told).containsExactly("1/3", "2/3", "3/3");
    }

    @Test
    void refusesTwoTensorsOfOneName() {
        assertThatThrownBy(() -> writer("a", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two tensors are called 'a'");
    }

    @Test
    void writesEveryElementTypeToTheBit() throws IOException {
        float[] values = {1, -0.33f, 65504, 1e-7f, 3.1415927f, 0};
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                var tensor = manager.create(values)) {
            assertThat(bytes(tensor, DataType.FLOAT32))
                    .isEqualTo(TensorData.f32(values, 6).bytes());
            assertThat(bytes(tensor, DataType.BFLOAT16))
                    .isEqualTo(TensorData.bf16(values, 6).bytes());
            assertThat(bytes(tensor, DataType.FLOAT16))
                    .isEqualTo(TensorData.f16(values, 6).bytes());
            try (var half = Tensors.cast(tensor, DataType.BFLOAT16)) {
                assertThat(bytes(half, DataType.BFLOAT16))
                        .isEqualTo(TensorData.bf16(values, 6).bytes());
            }
        }
    }

    @Test
    void writesATensorThatIsLargerThanAPart() throws IOException {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                var tensor = manager.arange(0f, 9_000_000f).reshape(3000, 3000)) {
            var floats = bytes(tensor, DataType.FLOAT32).asFloatBuffer();

            assertThat(floats.remaining()).isEqualTo(9_000_000);
            assertThat(floats.get(8_999_999)).isEqualTo(8_999_999);
            assertThat(floats.get(8_388_609)).isEqualTo(8_388_609);
        }
    }

    @Test
    void refusesWhatFloat16CannotHold() {
        try (var manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                var tensor = manager.create(new float[] {1, 70_000})) {
            assertThatThrownBy(() -> bytes(tensor, DataType.FLOAT16))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tensor 'x' has a value that float16 cannot hold; choose bf16 or fp32");
        }
    }

    /** Tensors of five float32 each: the number of the name's letter. */
    private static CheckpointWriter writer(String... names) {
        var writer = new CheckpointWriter();
        for (var name : names) {
            float value = name.charAt(0);
            var data = TensorData.f32(new float[] {value, value, value, value, value}, 5);
            writer.add(new CheckpointWriter.Tensor(
                    name, new TensorSpec("F32", 5), channel -> channel.write(data.bytes())));
        }
        return writer;
    }

    private static ByteBuffer bytes(NDArray tensor, DataType type) throws IOException {
        var out = new ByteArrayOutputStream();
        TensorParts.write("x", tensor, type, Channels.newChannel(out));
        return ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }
}
