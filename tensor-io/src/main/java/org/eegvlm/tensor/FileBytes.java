package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Ranges of a file, little-endian. The caller has checked that they lie within it. */
final class FileBytes {

    private static final int CHUNK = 1 << 20;

    private FileBytes() {}

    static ByteBuffer read(Path file, long offset, int count) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file, channel, offset, count);
        }
    }

    /** The same from an open channel, for many small ranges. */
    static ByteBuffer read(Path file, FileChannel channel, long offset, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(file, channel, offset, bytes);
        return bytes;
    }

    /** A read-only view that the operating system loads when it is touched. */
    static ByteBuffer map(Path file, long offset, long count) throws IOException {
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "%s: %d bytes do not fit one buffer; read the tensor in parts".formatted(file, count));
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, count).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Consecutive elements as floats; needs no more memory than its result. */
    static float[] floats(Path file, long offset, long elements, ElementType type) throws IOException {
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("%s: %d elements do not fit one array".formatted(file, elements));
        }
        var values = new float[(int) elements];
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var chunk = ByteBuffer.allocate((int) Math.min(CHUNK, elements * type.width()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int done = 0;
            while (done < values.length) {
                int count = Math.min(chunk.capacity() / type.width(), values.length - done);
                fill(
                        file,
                        channel,
                        offset + (long) done * type.width(),
                        chunk.clear().limit(count * type.width()));
                type.get(chunk, values, done, count);
                done += count;
            }
        }
        return values;
    }

    private static void fill(Path file, FileChannel channel, long offset, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new MalformedTensorException(file, "byte " + (offset + bytes.position()), "the file ends here");
            }
        }
        bytes.flip();
    }
}
