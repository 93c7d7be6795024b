package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

    @TempDir
    Path folder;

    @Test
    void readsWhatTheReferenceWrote() throws IOException {
        var file = SafetensorsFile.open(Golden.file("mixed.safetensors"));

        assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(file.tensors()).containsOnlyKeys("weight", "half", "brain", "ids", "scalar", "empty");
        assertThat(file.tensor("weight").shape()).containsExactly(3, 4);
        assertThat(file.floats("weight")).containsExactly(Golden.ROWS);
        assertThat(file.floats("half")).containsExactly(-1, -0.5f, 0, 0.5f, 1);
        assertThat(file.floats("brain")).containsExactly(-1, -0.5f, 0);
        assertThat(file.floats("scalar")).containsExactly(2.5f);
        assertThat(file.floats("empty")).isEmpty();
        assertThat(file.map("ids").getLong(16)).isEqualTo(1L << 40);
    }

    @Test
    void writesTheBytesThatTheReferenceWrites() throws IOException {
        var tensors = new LinkedHashMap<String, TensorData>();
        tensors.put("half", TensorData.f16(Arrays.copyOf(Golden.ROWS, 5), 5));
        tensors.put("weight", TensorData.f32(Golden.ROWS, 3, 4));
        tensors.put("empty", TensorData.f32(new float[0], 0, 4));
        tensors.put("brain", TensorData.bf16(Arrays.copyOf(Golden.ROWS, 3), 3));
        tensors.put("scalar", TensorData.f32(new float[] {2.5f}));
        tensors.put("ids", TensorData.i64(new long[] {1, -2, 1L << 40}, 3));
        var file = folder.resolve("mixed.safetensors");

        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));

        assertThat(file).hasSameBinaryContentAs(Golden.file("mixed.safetensors"));
    }

    @Test
    void writesTheSameBytesInALocaleWithDigitsOfItsOwn() throws IOException {
        var tensors = Map.of("w", TensorData.f32(Golden.ROWS, 3, 4));
        SafetensorsWriter.write(folder.resolve("usual"), tensors, Map.of());
        var locale = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            SafetensorsWriter.write(folder.resolve("other"), tensors, Map.of());
        } finally {
            Locale.setDefault(locale);
        }
        assertThat(folder.resolve("other")).hasSameBinaryContentAs(folder.resolve("usual"));
    }

    @Property(tries = 50)
    void readsBackWhatItWrote(@ForAll String name, @ForAll @Size(max = 20) float[] values, @ForAll String word)
            throws IOException {
        var valid = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        var note = new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        var file = Files.createTempFile("tensors", ".safetensors");

        SafetensorsWriter.write(file, Map.of(valid, TensorData.f32(values, values.length)), Map.of("note", note));

        assertThat(SafetensorsFile.open(file).floats(valid)).containsExactly(values);
        assertThat(SafetensorsFile.open(file).metadata()).containsEntry("note", note);
        Files.delete(file);
    }

    @Test
    void tensorsStartAtWholeElements() throws IOException {
        var file = folder.resolve("odd.safetensors");
        var tensors = Map.of(
                "a",
                TensorData.f16(new float[3], 3),
                "b",
                TensorData.f32(new float[5], 5),
                "c",
                TensorData.i64(new long[1], 1));

        SafetensorsWriter.write(file, tensors, Map.of());

        var read = SafetensorsFile.open(file);
        assertThat(read.dataOffset() % 8).isZero();
        assertThat(read.tensors().values())
                .allMatch(info -> info.offset() % ElementType.of(info.dtype()).width() == 0);
    }

    @Test
    void writesTensorByTensorInAnyOrder() throws IOException {
        var file = folder.resolve("streamed.safetensors");
        var layout = Map.of("a", new TensorSpec("F32", 2), "b", new TensorSpec("BF16", 1));
        try (var writer = SafetensorsWriter.create(file, layout, Map.of())) {
            writer.put("b", TensorData.bf16(new float[] {3}, 1));
            writer.put("a", TensorData.f32(new float[] {1, 2}, 2));
        }

        assertThat(SafetensorsFile.open(file).floats("a")).containsExactly(1, 2);
        assertThat(SafetensorsFile.open(file).floats("b")).containsExactly(3);
    }

    @Test
    void writesATensorInParts() throws IOException {
        var file = folder.resolve("parts.safetensors");
        var layout = Map.of("a", new TensorSpec("U8", 5));
        try (var writer = SafetensorsWriter.create(file, layout, Map.of());
                var bytes = writer.channel("a")) {
            bytes.write(ByteBuffer.wrap(new byte[] {1, 2}));
            bytes.write(ByteBuffer.wrap(new byte[] {3, 4, 5}));
        }

        assertThat(SafetensorsFile.open(file).map("a")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
    }

    @Test
    void refusesMoreOrLessThanATensorTakes() {
        var file = folder.resolve("parts.safetensors");
        var layout = Map.of("a", new TensorSpec("U8", 2));
        assertThatThrownBy(() -> {
                    try (var writer = SafetensorsWriter.create(file, layout, Map.of());
                            var bytes = writer.channel("a")) {
                        bytes.write(ByteBuffer.wrap(new byte[3]));
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'a' takes 2 bytes more, given 3");
        assertThatThrownBy(() -> {
                    try (var writer = SafetensorsWriter.create(file, layout, Map.of());
                            var bytes = writer.channel("a")) {
                        bytes.write(ByteBuffer.wrap(new byte[1]));
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'a' lacks its last 1 bytes");
    }

    @Test
    void tellsWhichTensorWasNeverWritten() throws IOException {
        var writer = SafetensorsWriter.create(
                folder.resolve("a.safetensors"), Map.of("a", new TensorSpec("F32", 2)), Map.of());

        assertThatThrownBy(writer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[a]");
    }

    @Test
    void namesTheTensorThatIsMissing() throws IOException {
        var file = SafetensorsFile.open(Golden.file("mixed.safetensors"));

        assertThatThrownBy(() -> file.floats("lm_head.weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no tensor 'lm_head.weight'");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    negative offset | {'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}
                    reversed offsets | {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}
                    offset beyond the end | {'a':{'dtype':'F32','shape':[2],'data_offsets':[1,9]}}
                    one offset | {'a':{'dtype':'F32','shape':[2],'data_offsets':[8]}}
                    overlapping tensors | {'a':{'dtype':'U8','shape':[6],'data_offsets':[0,6]},'b':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}
                    the same bytes twice | {'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'b':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}}
                    a gap | {'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}
                    data of no tensor | {}
                    shape product that overflows | {'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}
                    shape product that overflows beside a 0 | {'a':{'dtype':'F32','shape':[0,4294967296,4294967296],'data_offsets':[0,0]}}
                    shape times width that overflows | {'a':{'dtype':'F64','shape':[2305843009213693953],'data_offsets':[0,8]}}
                    negative sizes | {'a':{'dtype':'F32','shape':[-1,-2],'data_offsets':[0,8]}}
                    shape that does not take these bytes | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}
                    unknown dtype | {'a':{'dtype':'F4','shape':[16],'data_offsets':[0,8]}}
                    a number too large for a long | {'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}
                    no offsets | {'a':{'dtype':'F32','shape':[2]}}
                    no dtype | {'a':{'shape':[2],'data_offsets':[0,8]}}
                    a shape that is no array | {'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}
                    a fraction for a size | {'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}
                    one name twice | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}
                    33 dimensions | {'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],'data_offsets':[0,8]}}
                    deep nesting | {'a':[[[[1]]]]}
                    metadata that is no text | {'__metadata__':{'n':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}
                    null for a tensor | {'a':null}
                    an array for a header | ['a']
                    a header that ends within | {'a':
                    text behind the header | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} trailing
                    """)
    void refusesAnImpossibleHeader(String name, String header) throws IOException {
        var file = file(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageStartingWith(file + ", ");
    }

    @Test
    void refusesAHeaderOfMoreThan100Megabytes() throws IOException {
        var file = folder.resolve("huge.safetensors");
        Files.write(file, lengthPrefix(100_000_001));
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(200_000_000).write(ByteBuffer.allocate(1)); // sparse: takes no room
        }

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("header of 100000001 bytes is impossible");
    }

    @Test
    void refusesAHeaderOf100MegabytesOfNothingWithoutReadingIt() throws IOException {
        var file = folder.resolve("sparse.safetensors");
        Files.write(file, lengthPrefix(100_000_000));
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(200_000_000).write(ByteBuffer.allocate(1));
        }

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("a header starts with '{'");
    }

    @Test
    void reads100000Tensors() throws IOException {
        var file = file(emptyTensors(100_000));

        assertThat(SafetensorsFile.open(file).tensors()).hasSize(100_001);
    }

    @Test
    void refusesMoreTensorsThanAnyModelHas() throws IOException {
        var file = file(emptyTensors(200_000));

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("more than 200000 keys");
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        var file = Files.write(folder.resolve("a.safetensors"), lengthPrefix(-1));

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("header of 18446744073709551615 bytes");
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        var bytes = Files.readAllBytes(Golden.file("mixed.safetensors"));
        var file = Files.write(folder.resolve("a.safetensors"), Arrays.copyOf(bytes, bytes.length - 1));

        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(MalformedTensorException.class);
    }

    @Test
    void refusesBytesAfterTheLastTensor() throws IOException {
        var bytes = Files.readAllBytes(Golden.file("mixed.safetensors"));
        var file = Files.write(folder.resolve("a.safetensors"), Arrays.copyOf(bytes, bytes.length + 1));

        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageContaining("1 bytes after the last tensor");
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() throws IOException {
        var file = file(new byte[] {'{', '"', (byte) 0xff, '"'});

        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageContaining("UTF-8");
    }

    @Property(tries = 300)
    void neverFailsInAnyOtherWay(@ForAll @Size(max = 60) byte[] header) throws IOException {
        var file = Files.createTempFile("fuzz", ".safetensors");
        Files.write(file, concat(lengthPrefix(header.length), header));

        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(MalformedTensorException.class);
        Files.delete(file);
    }

    /** The header, then eight bytes of data. */
    private Path file(byte[] header) throws IOException {
        return Files.write(folder.resolve("a.safetensors"), concat(lengthPrefix(header.length), header, new byte[8]));
    }

    /** A header of so many tensors without elements, and one that takes the eight bytes. */
    private static byte[] emptyTensors(int count) {
        var header = new StringBuilder("{\"all\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}");
        for (int i = 0; i < count; i++) {
            header.append(",\"").append(i).append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[8,8]}");
        }
        return header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] lengthPrefix(long length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        var all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }
}
