package org.eegvlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rows_f2.npy", "rows_f4.npy", "rows_f8.npy", "rows_v2.npy"})
    void readsWhatNumpyWrote(String name) throws IOException {
        var npy = NpyFile.open(Golden.file(name));

        assertThat(npy.shape()).containsExactly(3, 1, 4);
        assertThat(npy.rows()).isEqualTo(3);
        assertThat(npy.rowLength()).isEqualTo(4);
        assertThat(npy.floats()).containsExactly(Golden.ROWS);
        assertThat(npy.row(1)).containsExactly(1, 1.5f, 2, 2.5f);
    }

    @Test
    void readsAScalarAsOneRow() throws IOException {
        var npy = NpyFile.open(Golden.file("scalar.npy"));

        assertThat(npy.shape()).isEmpty();
        assertThat(npy.row(0)).containsExactly(2.5f);
    }

    @Test
    void writesTheBytesThatNumpyWrites() throws IOException {
        NpyFile.write(folder.resolve("rows.npy"), new long[] {3, 1, 4}, Golden.ROWS);
        NpyFile.write(folder.resolve("vector.npy"), new long[] {12}, Golden.ROWS);
        NpyFile.write(folder.resolve("scalar.npy"), new long[0], new float[] {2.5f});

        assertThat(folder.resolve("rows.npy")).hasSameBinaryContentAs(Golden.file("rows_f4.npy"));
        assertThat(folder.resolve("vector.npy")).hasSameBinaryContentAs(Golden.file("vector.npy"));
        assertThat(folder.resolve("scalar.npy")).hasSameBinaryContentAs(Golden.file("scalar.npy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f2", "f4", "f8"})
    void writesTheBytesThatNumpyWritesInEveryType(String dtype) throws IOException {
        NpyFile.write(folder.resolve("rows.npy"), dtype, new long[] {3, 1, 4}, Golden.ROWS);

        assertThat(folder.resolve("rows.npy")).hasSameBinaryContentAs(Golden.file("rows_" + dtype + ".npy"));
    }

    @Test
    void roundsToHalfPrecisionAsNumpyDoes() throws IOException {
        var values = NpyFile.open(Golden.file("rounding_f4.npy"));

        NpyFile.write(folder.resolve("half.npy"), "f2", values.shape(), values.floats());

        assertThat(folder.resolve("half.npy")).hasSameBinaryContentAs(Golden.file("rounding_f2.npy"));
    }

    @Test
    void refusesATypeThatIsNotWritten() {
        assertThatThrownBy(() -> NpyFile.write(folder.resolve("i.npy"), "i4", new long[] {1}, new float[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'i4'");
    }

    @Property(tries = 50)
    void readsBackWhatItWrote(
            @ForAll @IntRange(min = 1, max = 5) int columns, @ForAll @Size(max = 9) float[] firstColumn)
            throws IOException {
        var values = new float[firstColumn.length * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = firstColumn[i / columns] + i % columns;
        }
        var file = Files.createTempFile("npy", ".npy");
        NpyFile.write(file, new long[] {firstColumn.length, columns}, values);

        assertThat(NpyFile.open(file).floats()).containsExactly(values);
        Files.delete(file);
    }

    @Test
    void goesOnAfterTheLastWholeRow() throws IOException {
        var file = folder.resolve("rows.npy");
        try (var writer = NpyWriter.resume(file, 3, 1, 4)) {
            writer.append(Arrays.copyOf(Golden.ROWS, 8));
        }
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 3));

        try (var writer = NpyWriter.resume(file, 3, 1, 4)) {
            assertThat(writer.rows()).isEqualTo(1);
            writer.append(Arrays.copyOfRange(Golden.ROWS, 4, 12));
        }

        assertThat(file).hasSameBinaryContentAs(Golden.file("rows_f4.npy"));
    }

    @Test
    void startsAnewWhereTheShapeIsAnother() throws IOException {
        var file = folder.resolve("rows.npy");
        NpyFile.write(file, new long[] {3, 4}, Golden.ROWS);

        try (var writer = NpyWriter.resume(file, 3, 1, 4)) {
            assertThat(writer.rows()).isZero();
        }
    }

    @Test
    void refusesMoreRowsThanTheHeaderSays() throws IOException {
        try (var writer = NpyWriter.resume(folder.resolve("rows.npy"), 2, 4)) {
            assertThatThrownBy(() -> writer.append(Golden.ROWS)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesARowThatIsNotThere() throws IOException {
        var npy = NpyFile.open(Golden.file("rows_f4.npy"));

        assertThatThrownBy(() -> npy.row(3)).hasMessageContaining("rows 0 to 2, not 3");
    }

    @Test
    void refusesPickledObjects() {
        assertThatThrownBy(() -> NpyFile.open(Golden.file("object.npy")))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("object array");
    }

    @Test
    void refusesFortranOrder() {
        assertThatThrownBy(() -> NpyFile.open(Golden.file("fortran.npy")))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("C order");
    }

    @Test
    void refusesBigEndian() {
        assertThatThrownBy(() -> NpyFile.open(Golden.file("big_endian.npy")))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("'>f4'");
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        var file = rowsWith(-1);

        assertThatThrownBy(() -> NpyFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("byte 175")
                .hasMessageContaining("takes 176 bytes, the file has 175");
    }

    @Test
    void refusesBytesAfterTheEnd() throws IOException {
        var file = rowsWith(1);

        assertThatThrownBy(() -> NpyFile.open(file)).isInstanceOf(MalformedTensorException.class);
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        var bytes = Files.readAllBytes(Golden.file("rows_f4.npy"));
        bytes[8] = (byte) 0xff;
        var file = Files.write(folder.resolve("a.npy"), bytes);

        assertThatThrownBy(() -> NpyFile.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("impossible");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
                "{'descr': '<f4', 'fortran_order': False, }",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (0,), }",
                "__import__('os').system('true')",
                ""
            })
    void refusesAnImpossibleHeader(String dictionary) throws IOException {
        var text = (dictionary + "\n").getBytes(StandardCharsets.US_ASCII);
        var bytes = Arrays.copyOf(Files.readAllBytes(Golden.file("rows_f4.npy")), 10 + text.length);
        System.arraycopy(text, 0, bytes, 10, text.length);
        bytes[8] = (byte) text.length;
        var file = Files.write(folder.resolve("a.npy"), bytes);

        assertThatThrownBy(() -> NpyFile.open(file)).isInstanceOf(MalformedTensorException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 10, 11})
    void refusesAFileShorterThanItsPrefix(int length) throws IOException {
        var file = Files.write(
                folder.resolve("a.npy"), Arrays.copyOf(Files.readAllBytes(Golden.file("rows_v2.npy")), length));

        assertThatThrownBy(() -> NpyFile.open(file)).isInstanceOf(MalformedTensorException.class);
    }

    private Path rowsWith(int moreBytes) throws IOException {
        var bytes = Files.readAllBytes(Golden.file("rows_f4.npy"));
        return Files.write(folder.resolve("rows.npy"), Arrays.copyOf(bytes, bytes.length + moreBytes));
    }
}
