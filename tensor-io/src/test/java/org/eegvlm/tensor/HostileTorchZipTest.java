package org.eegvlm.tensor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.tensor.StoredEntry.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileTorchZipTest {

    /** A storage of four floats with the key 0, as a persistent id. */
    private static final String STORAGE = "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + "0X\3\0\0\0cpuK\4tQ";

    @TempDir
    Path folder;

    @Test
    void readsTheTensorThatTheOthersVary() throws IOException {
        var zip = TorchZip.open(zip(stateDict(0, "K\4\u0085", "K\1\u0085")));

        assertThat(zip.floats("w")).containsExactly(0, 0, 0, 0);
    }

    @Test
    void refusesAForeignGlobalThatIsCalled() throws IOException {
        var file = zip("\u0080\2cos\nsystem\nX\4\0\0\0true\u0085R.");

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("os.system is not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ctorch._utils\n_rebuild_tensor\n.", // only v2
                "ctorch\nComplexFloatStorage\n.",
                "cbuiltins\neval\n.",
                "ctorch\nload\n.",
                "i__builtin__\neval\n.", // INST
                "\u0093.", // STACK_GLOBAL
                "\u0081.", // NEWOBJ
                "P0\n.", // PERSID
                "ctorch\nFloatStorage\n)R.",
                "ctorch._utils\n_rebuild_tensor_v2\n)R.",
                "ccollections\nOrderedDict\nK\1\u0085R."
            })
    void refusesOtherNamesAndOpcodes(String pickle) throws IOException {
        var file = zip("\u0080\2" + pickle);

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("data.pkl, byte");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "R",
                "t",
                "u.",
                "s.",
                "h\7.",
                "}K\1K\1s.",
                "X\u00ff\u00ff\u00ff\u007fa.",
                "\u008a\u00ff",
                "b",
                "(0",
                "q\0"
            })
    void refusesABrokenPickle(String pickle) throws IOException {
        var file = zip(pickle);

        assertThatThrownBy(() -> TorchZip.open(file)).isInstanceOf(MalformedTensorException.class);
    }

    @Test
    void refusesAStorageLargerThanTheFile() throws IOException {
        var file = zip(stateDict(0, "K\4\u0085", "K\1\u0085").replace("cpuK\4", "cpuK\5"));

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("storage 0 of 5 F32 is larger than its 16 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "K\5\u0085|K\1\u0085", // more elements than the storage
                "K\3\u0085|K\2\u0085", // a stride that leaves it
                "K\2\u0085|J\u00ff\u00ff\u00ff\u00ff\u0085", // stride −1
                "J\u00ff\u00ff\u00ff\u00ff\u0085|K\1\u0085", // size −1
                "J\0\0\0\u0040\u0085|K\0\u0085", // one element shown a billion times
                "K\2\u008a\u0008\0\0\0\0\0\0\0\u0040\u0086|K\1K\1\u0086", // a product that overflows
                "K\2\u0085|\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u0085", // so does the reach
                "K\4\u0085|K\1K\1\u0086", // two strides for one size
            })
    void refusesAViewThatLeavesItsStorage(String sizeAndStride) throws IOException {
        var parts = sizeAndStride.split("\\|");
        var file = zip(stateDict(0, parts[0], parts[1]));

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("tensor 'w'");
    }

    @Test
    void refusesAnOffsetBeyondTheStorage() throws IOException {
        var file = zip(stateDict(1, "K\4\u0085", "K\1\u0085"));

        assertThatThrownBy(() -> TorchZip.open(file)).hasMessageContaining("offset 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../data/1", "/etc/passwd", "archive/../../x", "a\\b"})
    void refusesANameThatLeavesTheArchive(String name) throws IOException {
        var file = folder.resolve("a.bin");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            store(zip, name, new byte[4]);
        }

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("leaves the archive");
    }

    @Test
    void refusesCompressedEntries() throws IOException {
        var file = folder.resolve("a.bin");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[100]);
        }

        assertThatThrownBy(() -> TorchZip.open(file)).hasMessageContaining("compressed");
    }

    @Test
    void refusesTwoRoots() throws IOException {
        var file = folder.resolve("a.bin");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            store(zip, "a/data.pkl", new byte[4]);
            store(zip, "b/data.pkl", new byte[4]);
        }

        assertThatThrownBy(() -> TorchZip.open(file)).hasMessageContaining("found 2");
    }

    @Test
    void readsZip64() throws IOException {
        var file = Files.write(folder.resolve("a.bin"), zip64(Files.readAllBytes(Golden.file("module.bin")), 0));

        assertThat(TorchZip.open(file).floats("bias")).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 1L << 40, Long.MIN_VALUE})
    void refusesAZip64DirectoryElsewhere(long shift) throws IOException {
        var file = Files.write(folder.resolve("a.bin"), zip64(Files.readAllBytes(Golden.file("module.bin")), shift));

        assertThatThrownBy(() -> TorchZip.open(file)).isInstanceOf(MalformedTensorException.class);
    }

    @Property(tries = 500)
    void aChangedByteIsReadOrRefusedButNothingElse(@ForAll @IntRange(max = 1818) int at, @ForAll byte value)
            throws IOException {
        var bytes = Files.readAllBytes(Golden.file("views.bin"));
        bytes[at] = value;
        var file = Files.write(Files.createTempFile("fuzz", ".bin"), bytes);

        assertThat(readOrRefused(file)).isTrue();
        Files.delete(file);
    }

    private static boolean readOrRefused(Path file) throws IOException {
        try {
            var zip = TorchZip.open(file);
            for (var name : zip.tensors().keySet()) {
                zip.bytes(name);
            }
        } catch (MalformedTensorException expected) {
            return true;
        }
        return true;
    }

    /** {@code {'w': _rebuild_tensor_v2(STORAGE, offset, size, stride, False, OrderedDict())}}. */
    private static String stateDict(int offset, String size, String stride) {
        return "\u0080\2}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE + "K" + (char) offset + size + stride
                + "\u0089ccollections\nOrderedDict\n)RtRs.";
    }

    private Path zip(String pickle) throws IOException {
        var file = folder.resolve("a.bin");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            store(zip, "archive/data.pkl", pickle.getBytes(ISO_8859_1));
            store(zip, "archive/data/0", new byte[16]);
        }
        return file;
    }

    /** The same archive with its end told by zip64 records; the directory's offset moved by {@code shift}. */
    private static byte[] zip64(byte[] zip, long shift) {
        int end = zip.length - 22;
        var old = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        long directorySize = old.getInt(end + 12);
        long directoryOffset = old.getInt(end + 16);
        var wide = ByteBuffer.allocate(zip.length + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
        wide.put(Arrays.copyOf(zip, end));
        wide.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
        wide.putInt(0).putInt(0).putLong(old.getShort(end + 8)).putLong(old.getShort(end + 10));
        wide.putLong(directorySize).putLong(directoryOffset + shift);
        wide.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        wide.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
        wide.putInt(-1).putInt(-1).putShort((short) 0);
        return wide.array();
    }
}
