package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Map;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TorchZip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedTensorsTest {

    @TempDir
    private Path folder;

    @Test
    void readsTensorsOfTwoElementTypesFromOneFile() throws IOException {
        var file = write(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[8,12]}}",
                "0000803f00000040" + "803f00c0");
        var mapped = new MappedTensors(SafetensorsFile.open(file));
        try (var a = mapped.get("a", Device.cpu(), DataType.FLOAT32);
                var b = mapped.get("b", Device.cpu(), DataType.FLOAT32)) {
            assertThat(a.getShape()).isEqualTo(new Shape(2, 1));
            assertThat(a.toFloatArray()).containsExactly(1, 2);
            assertThat(b.toFloatArray()).containsExactly(1, -2);
        }
    }

    @Test
    void readsATensorThatStartsBetweenElements() throws IOException {
        var file = write(
                "{\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
                "803f" + "00000040");
        var mapped = new MappedTensors(SafetensorsFile.open(file));
        try (var a = mapped.get("a", Device.cpu(), DataType.FLOAT32)) {
            assertThat(a.toFloatArray()).containsExactly(2);
        }
    }

    @Test
    void readsATensorAsItIsStored() throws IOException {
        var file = write("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}", "01ff02");
        var mapped = new MappedTensors(SafetensorsFile.open(file));
        try (var a = mapped.stored("a", Device.cpu())) {
            assertThat(a.getDataType()).isEqualTo(DataType.UINT8);
            assertThat(a.toUint8Array()).containsExactly(1, 255, 2);
        }
    }

    @Test
    void readsBfloat16ThatStartsBetweenElements() throws IOException {
        var file = write(
                "{\"u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[1,5]}}",
                "00" + "803f00c0");
        var mapped = new MappedTensors(SafetensorsFile.open(file));
        try (var a = mapped.get("a", Device.cpu(), DataType.FLOAT32)) {
            assertThat(a.toFloatArray()).containsExactly(1, -2);
        }
    }

    /** What is written to the file shows through the map, and would not in a copy. */
    @Test
    void mapsBfloat16WithoutACopy() throws IOException {
        var file = write("{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", "803f00c0");
        try (var a = new MappedTensors(SafetensorsFile.open(file)).get("a", Device.cpu(), DataType.BFLOAT16)) {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(HexFormat.of().parseHex("0040")), channel.size() - 2);
            }
            assertThat(Tensors.floats(a)).containsExactly(1, 2);
        }
    }

    @Test
    void neverWritesIntoTheFile() throws IOException {
        var file = folder.resolve("model.bin");
        TorchZip.write(file, Map.of("a", TensorData.f32(new float[] {1, 2}, 2)));
        try (var a = new MappedTensors(TorchZip.open(file)).get("a", Device.cpu(), DataType.FLOAT32)) {
            a.muli(3);

            assertThat(a.toFloatArray()).containsExactly(3, 6);
            assertThat(TorchZip.open(file).floats("a")).containsExactly(1, 2);
        }
    }

    @Test
    void outlivesTheScope() throws IOException {
        var file = write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "0000803f");
        var mapped = new MappedTensors(SafetensorsFile.open(file));
        var scope = new NDScope();
        var a = mapped.get("a", Device.cpu(), DataType.FLOAT32);
        scope.close();

        assertThat(a.toFloatArray()).containsExactly(1);
        a.close();
    }

    @Test
    void namesATensorThatIsNotThere() throws IOException {
        var file = write("{}", "");
        var mapped = new MappedTensors(SafetensorsFile.open(file));
        assertThatThrownBy(() -> mapped.get("lm_head.weight", Device.cpu(), DataType.FLOAT32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lm_head.weight");
    }

    private Path write(String header, String data) throws IOException {
        var padded = header + " ".repeat((8 - header.length() % 8) % 8);
        var length = HexFormat.of().toHexDigits(Long.reverseBytes(padded.length()));
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(length));
        bytes.writeBytes(padded.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(HexFormat.of().parseHex(data));
        return Files.write(folder.resolve("model.safetensors"), bytes.toByteArray());
    }
}
