package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureRowsTest {

    private static final List<String> IDS = List.of("a", "b", "c");
    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    @TempDir
    Path folder;

    private Path npy;

    @BeforeEach
    void write() throws IOException {
        npy = folder.resolve("features.npy");
        write(IDS, VALUES, 3, 1, 2);
    }

    @Test
    void findsRowsById() throws IOException {
        var features = FeatureRows.read(npy, 2, List.of("c", "b", "a"));

        assertThat(features.row("b")).containsExactly(3, 4);
        assertThat(features.sidecar().orElseThrow().encoder()).isEqualTo("e");
    }

    @Test
    void servesTwoQuestionsOnOneSample() throws IOException {
        assertThat(FeatureRows.read(npy, 2, List.of("a", "a", "b", "c")).size()).isEqualTo(3);
    }

    @Test
    void refusesAnotherNumberOfRowsThanSamples() {
        refuses(() -> FeatureRows.read(npy, 2, List.of("a", "b")), "has 3 rows for 2 samples");
    }

    @Test
    void refusesASampleWithoutARow() {
        refuses(() -> FeatureRows.read(npy, 2, List.of("a", "b", "z")), "has no row for sample z");
    }

    @Test
    void refusesAnotherShape() throws IOException {
        refuses(() -> FeatureRows.read(npy, 1024), "has shape [3, 1, 2]; features are [N, 1, 1024]");
        write(IDS, VALUES, 3, 2);
        refuses(() -> FeatureRows.read(npy, 2), "has shape [3, 2]; features are [N, 1, 2]");
    }

    @Test
    void roundsDoublesToFloats() throws IOException {
        var values = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.1)
                .putDouble(-2);
        writeAs("<f8", values.array());

        var features = FeatureRows.read(npy, 1, List.of("a", "b"));

        assertThat(features.row("a")).containsExactly(0.1f);
        assertThat(features.row("b")).containsExactly(-2);
    }

    @Test
    void widensHalfPrecision() throws IOException {
        writeAs("<f2", new byte[] {0, 0x3c, 0, (byte) 0xc0});

        assertThat(FeatureRows.read(npy, 1).row("b")).containsExactly(-2);
    }

    @Test
    void refusesADoubleThatNoFloatCanHold() throws IOException {
        var values = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(1e300)
                .putDouble(-2);
        writeAs("<f8", values.array());

        refuses(() -> FeatureRows.read(npy, 1), "row 0, column 0: is Infinity");
    }

    @Test
    void refusesWholeNumbers() throws IOException {
        writeAs("<i4", new byte[8]);

        refuses(() -> FeatureRows.read(npy, 1), "dtype '<i4'");
    }

    @Test
    void refusesIdsThatDoNotFitTheRows() throws IOException {
        write(List.of("a", "b"), VALUES, 3, 1, 2);
        refuses(() -> FeatureRows.read(npy, 2), "has 3 rows, but its sidecar lists 2 ids");
        write(List.of("a", "b", "a"), VALUES, 3, 1, 2);
        refuses(() -> FeatureRows.read(npy, 2), "'a' stands twice");
    }

    @Test
    void refusesNumbersThatAreNone() throws IOException {
        write(IDS, new float[] {1, 2, 3, Float.NaN, 5, 6}, 3, 1, 2);

        refuses(() -> FeatureRows.read(npy, 2), "row 1, column 1: is NaN");
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        Files.write(npy, Arrays.copyOf(Files.readAllBytes(npy), 100));

        refuses(() -> FeatureRows.read(npy, 2), "not a readable feature file");
    }

    @Test
    void refusesAFileWithoutItsSidecar() throws IOException {
        Files.delete(FeatureSidecar.beside(npy));

        refuses(() -> FeatureRows.read(npy, 2), "without features.json beside it");
    }

    @Test
    void shufflesEveryRowAwayFromItsSample() throws IOException {
        var features = FeatureRows.read(npy, 2);

        var shuffled = features.as(FeatureMode.SHUFFLE, 7);

        assertThat(List.of(shuffled.row("a")[0], shuffled.row("b")[0], shuffled.row("c")[0]))
                .containsExactlyInAnyOrder(1f, 3f, 5f);
        assertThat(shuffled.row("a")[0]).isNotEqualTo(1);
        assertThat(shuffled.row("b")[0]).isNotEqualTo(3);
        assertThat(shuffled.row("c")[0]).isNotEqualTo(5);
    }

    @Test
    void shufflesAlikeForOneSeed() throws IOException {
        var features = FeatureRows.read(npy, 2);

        assertThat(features.as(FeatureMode.SHUFFLE, 7).row("a"))
                .isEqualTo(features.as(FeatureMode.SHUFFLE, 7).row("a"));
    }

    @Test
    void givesZerosInModeZero() throws IOException {
        assertThat(FeatureRows.read(npy, 2).as(FeatureMode.ZERO, 0).row("a")).containsOnly(0);
    }

    /** Two rows of one feature, in the bytes of another type. */
    private void writeAs(String dtype, byte[] values) throws IOException {
        write(List.of("a", "b"), new float[2], 2, 1, 1);
        var header = new String(Files.readAllBytes(npy), StandardCharsets.ISO_8859_1).replace("<f4", dtype);
        var data = new String(values, StandardCharsets.ISO_8859_1);
        Files.writeString(npy, header.substring(0, header.length() - 8) + data, StandardCharsets.ISO_8859_1);
    }

    private void write(List<String> ids, float[] values, long... shape) throws IOException {
        NpyFile.write(npy, shape, values);
        var standardization = new FeatureSidecar.Standardization(new float[2], new float[] {1, 1});
        Json.write(FeatureSidecar.beside(npy), new FeatureSidecar(ids, "e", "r", List.of("s"), standardization));
    }

    private void refuses(ThrowingCallable reading, String message) {
        assertThatThrownBy(reading)
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("features")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
