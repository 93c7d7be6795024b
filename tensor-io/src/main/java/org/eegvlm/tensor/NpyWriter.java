package org.eegvlm.tensor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes a {@code .npy} file row by row, and goes on where an earlier writer was cut off.
 *
 * <p>The header states the final shape from the start; a file is complete when all rows are there.
 */
public final class NpyWriter implements Closeable {

    private final FileChannel channel;
    private final ElementType type;
    private final long[] shape;
    private final int headerBytes;
    private long rows;

    private NpyWriter(FileChannel channel, ElementType type, long[] shape, int headerBytes) {
        this.channel = channel;
        this.type = type;
        this.shape = shape;
        this.headerBytes = headerBytes;
    }

    /** Goes on with a {@code <f4} file. */
    public static NpyWriter resume(Path file, long... shape) throws IOException {
        return resume(file, "f4", shape);
    }

    /**
     * Opens the file after its last whole row; starts it anew if it is missing, or of another shape or type.
     *
     * @param dtype {@code f2}, to which values are rounded, {@code f4} or {@code f8}
     */
    public static NpyWriter resume(Path file, String dtype, long... shape) throws IOException {
        var type = NpyHeader.type(dtype);
        var header = NpyHeader.write(dtype, shape);
        boolean fits = Files.exists(file)
                && Files.size(file) >= header.length
                && Arrays.equals(FileBytes.read(file, 0, header.length).array(), header);
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var writer = new NpyWriter(channel, type, shape.clone(), header.length);
        if (!fits) {
            channel.truncate(0);
            writer.write(ByteBuffer.wrap(header), 0);
        }
        long rowBytes = rowLength(shape) * type.width();
        writer.rewind(rowBytes == 0 ? 0 : Math.min((channel.size() - header.length) / rowBytes, writer.expected()));
        return writer;
    }

    /** How many rows are there. */
    public long rows() {
        return rows;
    }

    /** Forgets all rows from the given one on. */
    public void rewind(long toRow) throws IOException {
        rows = toRow;
        channel.truncate(headerBytes + rows * rowLength(shape) * type.width());
    }

    /** Appends one or more whole rows. */
    public void append(float[] values) throws IOException {
        long length = Math.max(rowLength(shape), 1);
        if (values.length % length != 0 || rows + values.length / length > expected()) {
            throw new IllegalArgumentException("%d values after row %d do not fit shape %s"
                    .formatted(values.length, rows, Arrays.toString(shape)));
        }
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, type.width()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            type.put(value, bytes);
        }
        write(bytes.flip(), headerBytes + rows * length * type.width());
        rows += values.length / length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    static long rowLength(long[] shape) {
        return shape.length == 0 ? 1 : Shapes.elements(Arrays.copyOfRange(shape, 1, shape.length));
    }

    private long expected() {
        return shape.length == 0 ? 1 : shape[0];
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }
}
