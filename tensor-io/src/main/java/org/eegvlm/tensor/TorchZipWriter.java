package org.eegvlm.tensor;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes what {@link TorchZip} reads. Entries carry no time and a fixed root, so that equal tensors give equal bytes. */
final class TorchZipWriter {

    private static final String ROOT = "archive/";

    /** torch aligns each entry's data so that it can be mapped, with padding in an extra field of this name. */
    private static final int ALIGNMENT = 64;

    private static final int PADDING_TAG = 'F' | ('B' << 8);
    private static final int LOCAL_HEADER = 30;
    private static final int EXTRA_HEADER = 4;

    /** Zip's first day would do, but to that one Java adds an extra field, with the time zone in it. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

    private final ZipOutputStream zip;
    private long position;

    private TorchZipWriter(ZipOutputStream zip) {
        this.zip = zip;
    }

    static void write(Path file, Map<String, TensorSpec> layout, TorchZip.Source source) throws IOException {
        var specs = new LinkedHashMap<>(layout);
        var pickle = PickleWriter.stateDict(specs);
        try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            var writer = new TorchZipWriter(zip);
            writer.entry("data.pkl", ByteBuffer.wrap(pickle));
            writer.entry("byteorder", text("little"));
            int key = 0;
            for (var name : specs.keySet()) {
                writer.entry("data/" + key++, given(name, specs.get(name), source));
            }
            writer.entry("version", text("3\n"));
        }
    }

    private static ByteBuffer given(String name, TensorSpec spec, TorchZip.Source source) throws IOException {
        var tensor = source.tensor(name);
        if (!tensor.spec().equals(spec)) {
            throw new IllegalArgumentException("'%s' is %s, the layout has %s".formatted(name, tensor.spec(), spec));
        }
        return tensor.bytes();
    }

    private void entry(String name, ByteBuffer bytes) throws IOException {
        var entry = new ZipEntry(ROOT + name);
        var crc = new CRC32();
        crc.update(bytes.duplicate());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.remaining());
        entry.setCompressedSize(bytes.remaining());
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(NO_TIME);
        long dataAt = position + LOCAL_HEADER + ROOT.length() + name.length() + EXTRA_HEADER;
        var padding = padding((int) Math.floorMod(-dataAt, (long) ALIGNMENT));
        entry.setExtra(padding);
        position = dataAt - EXTRA_HEADER + padding.length + bytes.remaining();
        zip.putNextEntry(entry);
        Channels.newChannel(zip).write(bytes);
        zip.closeEntry();
    }

    private static byte[] padding(int bytes) {
        return ByteBuffer.allocate(EXTRA_HEADER + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) PADDING_TAG)
                .putShort((short) bytes)
                .array();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
