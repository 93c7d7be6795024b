package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchZipTest {

    @TempDir
    Path folder;

    @Test
    void readsWhatTorchWrote() throws IOException {
        var zip = TorchZip.open(Golden.file("state_dict.bin"));

        assertThat(zip.tensors()).containsOnlyKeys("weight", "half", "brain", "ids", "scalar", "empty");
        assertThat(zip.tensor("weight").shape()).containsExactly(3, 4);
        assertThat(zip.floats("weight")).containsExactly(Golden.ROWS);
        assertThat(zip.tensor("half").dtype()).isEqualTo("F16");
        assertThat(zip.floats("half")).containsExactly(-1, -0.5f, 0, 0.5f, 1);
        assertThat(zip.tensor("brain").dtype()).isEqualTo("BF16");
        assertThat(zip.floats("brain")).containsExactly(-1, -0.5f, 0);
        assertThat(zip.bytes("ids").getLong(8)).isEqualTo(-2);
        assertThat(zip.floats("scalar")).containsExactly(2.5f);
        assertThat(zip.floats("empty")).isEmpty();
    }

    @Test
    void readsTheStateDictOfAModule() throws IOException {
        var zip = TorchZip.open(Golden.file("module.bin"));

        assertThat(zip.tensors()).containsOnlyKeys("weight", "bias");
        assertThat(zip.floats("weight")).containsExactly(Golden.ROWS);
        assertThat(zip.floats("bias")).containsExactly(1, 2, 3);
    }

    @Test
    void honoursOffsetAndStride() throws IOException {
        var zip = TorchZip.open(Golden.file("views.bin"));

        assertThat(zip.floats("parameter")).containsExactly(Golden.ROWS);
        assertThat(zip.tensor("transposed").shape()).containsExactly(4, 3);
        assertThat(zip.floats("transposed")).containsExactly(-1, 1, 3, -0.5f, 1.5f, 3.5f, 0, 2, 4, 0.5f, 2.5f, 4.5f);
        assertThat(zip.floats("column")).containsExactly(-0.5f, 1.5f, 3.5f);
        assertThat(zip.floats("tail")).containsExactly(1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4.5f);
    }

    @Test
    void refusesANestedStateDict() {
        assertThatThrownBy(() -> TorchZip.open(Golden.file("nested.bin")))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("tensor 'model'")
                .hasMessageContaining("flat");
    }

    @Test
    void refusesAPickledModuleByTheNameOfItsClass() {
        assertThatThrownBy(() -> TorchZip.open(Golden.file("whole_module.bin")))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("torch.nn.modules.linear.Linear is not allowed");
    }

    @Property(tries = 50)
    void readsBackWhatItWrote(@ForAll @Size(max = 20) float[] values) throws IOException {
        var file = Files.createTempFile("state", ".bin");

        TorchZip.write(file, Map.of("w", TensorData.f32(values, 1, values.length)));

        var zip = TorchZip.open(file);
        assertThat(zip.tensor("w").shape()).containsExactly(1, values.length);
        assertThat(zip.floats("w")).containsExactly(values);
        Files.delete(file);
    }

    @Test
    void writesTensorAfterTensorTheBytesThatItWritesAtOnce() throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        tensors.put("b", TensorData.f32(Golden.ROWS, 3, 4));
        tensors.put("a", TensorData.f16(new float[] {1, 2, 3}, 3));
        var layout = new LinkedHashMap<String, TensorSpec>();
        tensors.forEach((name, tensor) -> layout.put(name, tensor.spec()));
        TorchZip.write(folder.resolve("at-once.bin"), tensors);
        var asked = new ArrayList<String>();

        TorchZip.write(folder.resolve("one-by-one.bin"), layout, name -> {
            asked.add(name);
            return tensors.get(name);
        });

        assertThat(asked).containsExactly("b", "a");
        assertThat(folder.resolve("one-by-one.bin")).hasSameBinaryContentAs(folder.resolve("at-once.bin"));
        assertThatThrownBy(() -> TorchZip.write(folder.resolve("c.bin"), layout, name -> tensors.get("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b' is F16[3], the layout has F32[3, 4]");
    }

    @Test
    void writesAllThreeFloatTypesAlignedAndWithoutTimes() throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        tensors.put("mm_projector.0.weight", TensorData.f32(Golden.ROWS, 3, 4));
        tensors.put("mm_projector.0.bias", TensorData.f16(new float[] {1, 2, 3}, 3));
        tensors.put("mm_projector.2.bias", TensorData.bf16(new float[] {4}, 1));
        var first = folder.resolve("first.bin");
        var second = folder.resolve("second.bin");

        TorchZip.write(first, tensors);
        TorchZip.write(second, tensors);

        assertThat(first).hasSameBinaryContentAs(second);
        var zip = TorchZip.open(first);
        assertThat(zip.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
        assertThat(zip.tensors().values()).allMatch(info -> info.offset() % 64 == 0);
        assertThat(zip.floats("mm_projector.0.bias")).containsExactly(1, 2, 3);
        assertThat(zip.floats("mm_projector.2.bias")).containsExactly(4);
        try (var java = new ZipFile(first.toFile())) {
            assertThat(java.stream().map(entry -> entry.getTimeLocal().getYear()))
                    .containsOnly(1980);
        }
    }

    @Test
    void refusesToWriteATypeThatTheFormatLacks() {
        assertThatThrownBy(() ->
                        TorchZip.write(folder.resolve("a.bin"), Map.of("w", TensorData.of("U16", new float[] {1}, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U16");
        assertThat(folder.resolve("a.bin")).doesNotExist();
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        var bytes = Files.readAllBytes(Golden.file("state_dict.bin"));
        var file = Files.write(folder.resolve("a.bin"), Arrays.copyOf(bytes, bytes.length / 2));

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void namesTheTensorThatIsMissing() throws IOException {
        var zip = TorchZip.open(Golden.file("module.bin"));

        assertThatThrownBy(() -> zip.floats("gamma"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no tensor 'gamma'");
    }
}
