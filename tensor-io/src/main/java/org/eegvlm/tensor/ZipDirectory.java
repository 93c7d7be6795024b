package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the entries of a zip file lie, so that they can be mapped: {@code java.util.zip} keeps that to itself.
 *
 * <p>Reads zip and zip64 (APPNOTE.TXT 6.3). Only stored entries; compressed or encrypted ones are refused, as are names
 * that leave the archive, entries that share bytes, and an entry that its two headers describe differently: a file must
 * not be one thing to us and another to the next reader.
 */
final class ZipDirectory {

    /** Where an entry's bytes lie in the file. */
    record Entry(long offset, long size) {}

    /** What the central directory says about an entry. */
    private record Central(String name, ByteBuffer nameBytes, long local, long size) {}

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

    /** Flags of an entry: it is encrypted; its sizes are told after its data, so that the local header has zeros. */
    private static final int ENCRYPTED = 1;

    private static final int SIZES_FOLLOW = 1 << 3;

    /** A checkpoint has some hundred entries of some hundred bytes; the largest models known some ten thousand. */
    private static final int MAX_DIRECTORY = 16 << 20;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    private final Path file;
    private final FileChannel channel;
    private final long fileSize;

    private ZipDirectory(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.fileSize = channel.size();
    }

    /** The entries by name, in the order in which they lie in the file. */
    static Map<String, Entry> read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ZipDirectory(file, channel).entries();
        }
    }

    /** Goes through the file from front to back, so that no byte is looked at for two entries. */
    private Map<String, Entry> entries() throws IOException {
        var range = directory();
        var listed = listed(bytes(range.offset(), (int) range.size()), range.offset());
        listed.sort(Comparator.comparingLong(Central::local));
        var entries = new LinkedHashMap<String, Entry>();
        long end = 0;
        for (var central : listed) {
            if (central.local < end) {
                throw malformed(central.local, "entry '%s' overlaps the one before it".formatted(central.name));
            }
            var entry = new Entry(dataOffset(central, range.offset()), central.size);
            if (entries.put(central.name, entry) != null) {
                throw malformed(central.local, "entry '%s' stands twice".formatted(central.name));
            }
            end = entry.offset + entry.size;
        }
        return entries;
    }

    private List<Central> listed(ByteBuffer directory, long offset) throws IOException {
        var listed = new ArrayList<Central>();
        while (directory.hasRemaining()) {
            long at = offset + directory.position();
            if (directory.remaining() < CENTRAL_BYTES || directory.getInt(directory.position()) != CENTRAL_SIGNATURE) {
                throw malformed(at, "no entry of the zip directory starts here");
            }
            listed.add(central(directory, at, offset));
        }
        return listed;
    }

    /** The range of the central directory. */
    private Entry directory() throws IOException {
        int length = (int) Math.min(fileSize, END_BYTES + MAX_COMMENT);
        var tail = bytes(fileSize - length, length);
        int at = length - END_BYTES;
        while (at >= 0 && !isEnd(tail, at)) {
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

    /** Its comment must end where the file ends; else a comment could hold another end record. */
    private static boolean isEnd(ByteBuffer tail, int at) {
        return tail.getInt(at) == END_SIGNATURE
                && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tail.limit();
    }

    private Entry directory64(long end) throws IOException {
        long at = end - LOCATOR_BYTES;
        var locator = at < 0 ? ByteBuffer.allocate(LOCATOR_BYTES) : bytes(at, LOCATOR_BYTES);
        if (locator.getInt(0) != LOCATOR_SIGNATURE) {
            throw malformed(end, "the zip64 locator is missing");
        }
        long record = locator.getLong(8);
        checkRange(new Entry(record, END64_BYTES), at, "zip64 end record");
        var end64 = bytes(record, END64_BYTES);
        if (end64.getInt(0) != END64_SIGNATURE) {
            throw malformed(record, "the zip64 end record is missing");
        }
        return new Entry(end64.getLong(48), end64.getLong(40));
    }

    /** The entry at the buffer's position, which moves to the next. */
    private Central central(ByteBuffer directory, long at, long dataEnd) throws IOException {
        int start = directory.position();
        int nameBytes = Short.toUnsignedInt(directory.getShort(start + 28));
        int extraBytes = Short.toUnsignedInt(directory.getShort(start + 30));
        int commentBytes = Short.toUnsignedInt(directory.getShort(start + 32));
        if (directory.remaining() < CENTRAL_BYTES + nameBytes + extraBytes + commentBytes) {
            throw malformed(at, "an entry reaches beyond the zip directory");
        }
        var nameAt = directory.slice(start + CENTRAL_BYTES, nameBytes);
        var name = StandardCharsets.UTF_8.decode(nameAt.duplicate()).toString();
        checkName(name, at);
        int flags = directory.getShort(start + 8);
        if ((flags & ENCRYPTED) != 0 || directory.getShort(start + 10) != 0) {
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
        checkRange(new Entry(local, LOCAL_BYTES + nameBytes), dataEnd, "entry '%s'".formatted(name));
        directory.position(start + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes);
        return new Central(name, nameAt, local, size);
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
    private long dataOffset(Central central, long dataEnd) throws IOException {
        var header = bytes(central.local, LOCAL_BYTES + central.nameBytes.remaining());
        if (header.getInt(0) != LOCAL_SIGNATURE) {
            throw malformed(central.local, "entry '%s' does not start here".formatted(central.name));
        }
        int nameBytes = Short.toUnsignedInt(header.getShort(26));
        int extraBytes = Short.toUnsignedInt(header.getShort(28));
        long extraAt = central.local + LOCAL_BYTES + nameBytes;
        checkRange(new Entry(extraAt + extraBytes, central.size), dataEnd, "entry '%s'".formatted(central.name));
        if (nameBytes != central.nameBytes.remaining()
                || !header.slice(LOCAL_BYTES, nameBytes).equals(central.nameBytes)
                || !sameData(header, zip64Values(bytes(extraAt, extraBytes)), central)) {
            throw malformed(
                    central.local,
                    "entry '%s': its local header tells another name, method or size".formatted(central.name));
        }
        return extraAt + extraBytes;
    }

    private boolean sameData(ByteBuffer header, ByteBuffer wide, Central central) throws IOException {
        int flags = header.getShort(6);
        boolean stored = (flags & ENCRYPTED) == 0 && header.getShort(8) == 0;
        return stored
                && ((flags & SIZES_FOLLOW) != 0
                        || (wide(header.getInt(22), wide, central.local) == central.size
                                && wide(header.getInt(18), wide, central.local) == central.size));
    }

    private void checkName(String name, long at) throws IOException {
        boolean leaves = name.startsWith("/") || name.contains("\\") || ("/" + name + "/").contains("/../");
        leaves = leaves || DRIVE.matcher(name).matches();
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

    private ByteBuffer bytes(long offset, int count) throws IOException {
        return FileBytes.read(file, channel, offset, count);
    }

    private MalformedTensorException malformed(long at, String problem) {
        return new MalformedTensorException(file, "byte " + at, problem);
    }
}
