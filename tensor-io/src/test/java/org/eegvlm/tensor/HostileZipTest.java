package org.eegvlm.tensor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.tensor.StoredEntry.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two entries, a/x of four bytes and a/y of eight, as Java writes them, and what can be wrong with them. */
class HostileZipTest {

    private static final int LOCAL_NAME = 30;
    private static final int SECOND_LOCAL = LOCAL_NAME + 3 + 4;
    private static final int DIRECTORY = SECOND_LOCAL + LOCAL_NAME + 3 + 8;
    private static final int SECOND_CENTRAL = DIRECTORY + 46 + 3;
    private static final long GIGABYTE = 1L << 30;

    @TempDir
    Path folder;

    @Test
    void readsTheFileThatTheOthersVary() throws IOException {
        assertThat(ZipDirectory.read(file(twoEntries()))).containsOnlyKeys("a/x", "a/y");
    }

    @ParameterizedTest
    @DisplayName("a name that leaves the archive (CVE-2024-37902 and its kin)")
    @ValueSource(strings = {"/x", "..", "a\\", "C:x", "a\0b", "../", "a/.."})
    void refusesANameThatLeavesTheArchive(String name) throws IOException {
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            store(out, name, new byte[4]);
        }

        assertRefused(zip.toByteArray(), "leaves the archive");
    }

    @Test
    void refusesALocalHeaderThatTellsAnotherName() throws IOException {
        var zip = twoEntries();
        zip[LOCAL_NAME] = 'b';

        assertRefused(zip, "entry 'a/x': its local header tells another name");
    }

    @Test
    void refusesALocalHeaderThatTellsAnotherSize() throws IOException {
        var zip = twoEntries();
        zip[22] = 3;

        assertRefused(zip, "entry 'a/x': its local header tells another");
    }

    @Test
    void refusesALocalHeaderThatTellsAnotherMethod() throws IOException {
        var zip = twoEntries();
        zip[8] = ZipEntry.DEFLATED;

        assertRefused(zip, "entry 'a/x': its local header tells another");
    }

    @Test
    void refusesALocalHeaderThatSaysItsDataIsEncrypted() throws IOException {
        var zip = twoEntries();
        zip[6] |= 1;

        assertRefused(zip, "entry 'a/x': its local header tells another");
    }

    @Test
    void refusesEntriesThatShareTheirBytes() throws IOException {
        var zip = twoEntries();
        zip[22] = zip[18] = SECOND_LOCAL; // the first entry reaches into the second one
        zip[DIRECTORY + 20] = zip[DIRECTORY + 24] = SECOND_LOCAL;

        assertRefused(zip, "entry 'a/y' overlaps the one before it");
    }

    @Test
    void refusesTwoEntriesAtOnePlace() throws IOException {
        var zip = twoEntries();
        zip[SECOND_CENTRAL + 42] = 0;

        assertRefused(zip, "overlaps the one before it");
    }

    @Test
    void refusesTwoEntriesOfOneName() throws IOException {
        var zip = twoEntries();
        zip[SECOND_LOCAL + LOCAL_NAME + 2] = 'x';
        zip[SECOND_CENTRAL + 46 + 2] = 'x';

        assertRefused(zip, "entry 'a/x' stands twice");
    }

    @Test
    void refusesBytesBehindTheEnd() throws IOException {
        assertRefused(java.util.Arrays.copyOf(twoEntries(), twoEntries().length + 1), "end record is missing");
    }

    @Test
    void refusesBigEndianTensors() throws IOException {
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            store(out, "a/data.pkl", "\u0080\2}.".getBytes(ISO_8859_1));
            store(out, "a/byteorder", "big".getBytes(ISO_8859_1));
        }
        var file = file(zip.toByteArray());

        assertThatThrownBy(() -> TorchZip.open(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("only little-endian is read, found big");
    }

    @Test
    void readsATensorBehindTheFirstFourGigabytes() throws IOException {
        var file = folder.resolve("sparse.bin");
        try (var zip = new SparseZip(file)) {
            zip.add("a/data.pkl", pickle().getBytes(ISO_8859_1));
            zip.add("a/data/0", 5 * GIGABYTE);
            zip.add("a/data/1", new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
        }

        var torch = TorchZip.open(file);

        assertThat(torch.tensor("last").offset()).isGreaterThan(5 * GIGABYTE);
        assertThat(torch.floats("last")).containsExactly(1, 2);
        assertThat(torch.tensor("large").bytes()).isEqualTo(5 * GIGABYTE);
        assertThatThrownBy(() -> torch.bytes("large")).hasMessageContaining("do not fit one buffer");
    }

    /** {@code {'large': a tensor of 5/4 billion floats in storage 0, 'last': one of two in storage 1}}. */
    private static String pickle() {
        return "\u0080\2}" + tensor("large", '0', "\u008a\u0005\0\0\0\u0050\0") + tensor("last", '1', "K\2") + ".";
    }

    private static String tensor(String name, char key, String elements) {
        return "X" + (char) name.length() + "\0\0\0" + name + "ctorch._utils\n_rebuild_tensor_v2\n("
                + "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + key + "X\3\0\0\0cpu" + elements + "tQ"
                + "K\0" + elements + "\u0085K\1\u0085\u0089ccollections\nOrderedDict\n)RtRs";
    }

    private void assertRefused(byte[] zip, String problem) throws IOException {
        var file = file(zip);

        assertThatThrownBy(() -> ZipDirectory.read(file))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining(problem);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("a.bin"), content);
    }

    private static byte[] twoEntries() throws IOException {
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            store(out, "a/x", new byte[4]);
            store(out, "a/y", new byte[8]);
        }
        return zip.toByteArray();
    }

    /** Writes zip64 with holes where data are zero, which take no room on the disk. */
    private static final class SparseZip implements AutoCloseable {

        private final FileChannel channel;
        private final ByteBuffer directory = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        private long entries;

        SparseZip(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        void add(String name, byte[] data) throws IOException {
            header(name, data.length);
            channel.write(ByteBuffer.wrap(data));
        }

        void add(String name, long zeros) throws IOException {
            header(name, zeros);
            channel.position(channel.position() + zeros);
        }

        private void header(String name, long size) throws IOException {
            long at = channel.position();
            var local = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
            local.putInt(0x04034b50)
                    .putShort((short) 45)
                    .putInt(0)
                    .putLong(0)
                    .putInt(-1)
                    .putInt(-1);
            local.putShort((short) name.length()).putShort((short) 20).put(name.getBytes(ISO_8859_1));
            local.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
            channel.write(local.flip());
            directory
                    .putInt(0x02014b50)
                    .putInt(45 << 16 | 45)
                    .putInt(0)
                    .putLong(0)
                    .putInt(-1)
                    .putInt(-1);
            directory.putShort((short) name.length()).putShort((short) 28).putShort((short) 0);
            directory.putLong(0).putInt(-1).put(name.getBytes(ISO_8859_1));
            directory
                    .putShort((short) 1)
                    .putShort((short) 24)
                    .putLong(size)
                    .putLong(size)
                    .putLong(at);
            entries++;
        }

        @Override
        public void close() throws IOException {
            long at = channel.position();
            long size = directory.position();
            channel.write(directory.flip());
            long end64 = channel.position();
            var end = ByteBuffer.allocate(98).order(ByteOrder.LITTLE_ENDIAN);
            end.putInt(0x06064b50).putLong(44).putInt(45 << 16 | 45).putLong(0);
            end.putLong(entries).putLong(entries).putLong(size).putLong(at);
            end.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
            end.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
            channel.write(end.flip());
            channel.close();
        }
    }
}
