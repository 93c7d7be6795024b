package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the entries of a zip file lie, so that they can be mapped: {@code java.util.zip} keeps that to itself.
 *
 * <p>Reads zip and zip64 (APPNOTE.TXT 6.3). Only stored entries; compressed or encrypted ones are refused, as are names
 * that leave the archive.
 */
final class ZipDirectory {

    /** Where an entry's bytes lie in the file. */
    record Entry(long offset, long size) {}

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xffff;

    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;

    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;

    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;

    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;

    /** A size or offset of all ones stands in the zip64 extra field instead. */
    private static final long SATURATED = 0xffff_ffffL;

    private static final int ZIP64_EXTRA = 1;

    /** A checkpoint has some hundred entries of some hundred bytes. */
    private static final int MAX_DIRECTORY = 64 << 20;

    private final Path file;
    private final long fileSize;

    private ZipDirectory(Path file, long fileSize) {
        this.file = file;
        this.fileSize = fileSize;
    }

    /** The entries by name, in the order of the central directory. */
    static Map<String, Entry> read(Path file) throws IOException {
        return new ZipDirectory(file, Files.size(file)).entries();
    }

    private Map<String, Entry> entries() throws IOException {
        var range = directory();
        var directory = FileBytes.read(file, range.offset(), (int) range.size());
        var entries = new LinkedHashMap<String, Entry>();
        while (directory.hasRemaining()) {
            long at = range.offset() + directory.position();
            if (directory.remaining() < CENTRAL_BYTES || directory.getInt(directory.position()) != CENTRAL_SIGNATURE) {
                throw malformed(at, "no entry of the zip directory starts here");
            }
            readEntry(directory, at, range.offset(), entries);
        }
        return entries;
    }

    /** The range of the central directory. */
    private Entry directory() throws IOException {
        int length = (int) Math.min(fileSize, END_BYTES + MAX_COMMENT);
        var tail = FileBytes.read(file, fileSize - length, length);
        int at = length - END_BYTES;
        while (at >= 0 && tail.getInt(at) != END_SIGNATURE) {
            at--;
        }
        if (at < 0) {
            throw malformed(0, "not a zip file, or cut off: its end record is missing");
        }
        long end = fileSize - length + at;
        long size = Integer.toUnsignedLong(tail.getInt(at + 12));
        long offset = Integer.toUnsignedLong(tail.getInt(at + 16));
        boolean zip64 = size == SATURATED || offset == SATURATED || tail.getShort(at + 10) == -1;
        var directory = zip64 ? directory64(end) : new Entry(offset, size);
        checkRange(directory, end, "zip directory");
        if (directory.size() > MAX_DIRECTORY) {
            throw malformed(end, "a zip directory of %d bytes is too large".formatted(directory.size()));
        }
        return directory;
    }

    private Entry directory64(long end) throws IOException {
        long at = end - LOCATOR_BYTES;
        var locator = at < 0 ? ByteBuffer.allocate(LOCATOR_BYTES) : FileBytes.read(file, at, LOCATOR_BYTES);
        if (locator.getInt(0) != LOCATOR_SIGNATURE) {
            throw malformed(end, "the zip64 locator is missing");
        }
        long record = locator.getLong(8);
        checkRange(new Entry(record, END64_BYTES), at, "zip64 end record");
        var end64 = FileBytes.read(file, record, END64_BYTES);
        if (end64.getInt(0) != END64_SIGNATURE) {
            throw malformed(record, "the zip64 end record is missing");
        }
        return new Entry(end64.getLong(48), end64.getLong(40));
    }

    private void readEntry(ByteBuffer directory, long at, long dataEnd, Map<String, Entry> entries) throws IOException {
        int start = directory.position();
        int nameBytes = Short.toUnsignedInt(directory.getShort(start + 28));
        int extraBytes = Short.toUnsignedInt(directory.getShort(start + 30));
        int commentBytes = Short.toUnsignedInt(directory.getShort(start + 32));
        if (directory.remaining() < CENTRAL_BYTES + nameBytes + extraBytes + commentBytes) {
            throw malformed(at, "an entry reaches beyond the zip directory");
        }
        var nameAt = directory.slice(start + CENTRAL_BYTES, nameBytes);
        var name = StandardCharsets.UTF_8.decode(nameAt).toString();
        checkName(name, at);
        if ((directory.getShort(start + 8) & 1) != 0 || directory.getShort(start + 10) != 0) {
            throw malformed(at, "entry '%s' is compressed or encrypted; torch stores entries".formatted(name));
        }
        var extra =
                directory.slice(start + CENTRAL_BYTES + nameBytes, extraBytes).order(directory.order());
        var wide = zip64Values(extra);
        long size = wide(directory.getInt(start + 24), wide, at);
        long stored = wide(directory.getInt(start + 20), wide, at);
        long local = wide(directory.getInt(start + 42), wide, at);
        if (size != stored) {
            throw malformed(at, "entry '%s' has two sizes, %d and %d".formatted(name, size, stored));
        }
        if (entries.put(name, new Entry(dataOffset(name, local, size, dataEnd), size)) != null) {
            throw malformed(at, "entry '%s' stands twice".formatted(name));
        }
        directory.position(start + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes);
    }

    /** The values of the zip64 extra field, positioned at its first; empty where there is none. */
    private static ByteBuffer zip64Values(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int tag = extra.getShort();
            int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
            if (tag == ZIP64_EXTRA) {
                return extra.slice(extra.position(), length).order(extra.order());
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }

    private long wide(int narrow, ByteBuffer zip64, long at) throws IOException {
        long value = Integer.toUnsignedLong(narrow);
        if (value != SATURATED) {
            return value;
        }
        if (zip64.remaining() < Long.BYTES) {
            throw malformed(at, "a zip64 size is missing");
        }
        return zip64.getLong();
    }

    /** The local header repeats the name and may have another extra field, so only it tells where the data start. */
    private long dataOffset(String name, long local, long size, long dataEnd) throws IOException {
        checkRange(new Entry(local, LOCAL_BYTES), dataEnd, "entry '%s'".formatted(name));
        var header = FileBytes.read(file, local, LOCAL_BYTES);
        if (header.getInt(0) != LOCAL_SIGNATURE) {
            throw malformed(local, "entry '%s' does not start here".formatted(name));
        }
        long offset = local
                + LOCAL_BYTES
                + Short.toUnsignedInt(header.getShort(26))
                + Short.toUnsignedInt(header.getShort(28));
        checkRange(new Entry(offset, size), dataEnd, "entry '%s'".formatted(name));
        return offset;
    }

    private void checkName(String name, long at) throws IOException {
        boolean leaves = name.startsWith("/") || name.contains("\\") || ("/" + name + "/").contains("/../");
        if (name.isEmpty() || leaves || name.indexOf('\0') >= 0) {
            throw malformed(at, "entry name '%s' leaves the archive".formatted(name));
        }
    }

    private void checkRange(Entry range, long end, String what) throws IOException {
        if (range.offset() < 0 || range.size() < 0 || range.size() > end || range.offset() > end - range.size()) {
            throw malformed(
                    end, "%s at byte %d of %d bytes lies outside".formatted(what, range.offset(), range.size()));
        }
    }

    private MalformedTensorException malformed(long at, String problem) {
        return new MalformedTensorException(file, "byte " + at, problem);
    }
}
