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
 * Writes a {@code <f4} {@code .npy} file row by row, and goes on where an earlier writer was cut off.
 *
 * <p>The header states the final shape from the start; a file is complete when all rows are there.
 */
public final class NpyWriter implements Closeable {

    private final FileChannel channel;
    private final long[] shape;
    private final int headerBytes;
    private long rows;

    private NpyWriter(FileChannel channel, long[] shape, int headerBytes) {
        this.channel = channel;
        this.shape = shape;
        this.headerBytes = headerBytes;
    }

    /** Opens the file after its last whole row; starts it anew if it is missing or of another shape. */
    public static NpyWriter resume(Path file, long... shape) throws IOException {
        var header = NpyHeader.write(shape);
        boolean fits = Files.exists(file)
                && Files.size(file) >= header.length
                && Arrays.equals(FileBytes.read(file, 0, header.length).array(), header);
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var writer = new NpyWriter(channel, shape.clone(), header.length);
        if (!fits) {
            channel.truncate(0);
            writer.write(ByteBuffer.wrap(header), 0);
        }
        long rowBytes = rowLength(shape) * Float.BYTES;
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
        channel.truncate(headerBytes + rows * rowLength(shape) * Float.BYTES);
    }

    /** Appends one or more whole rows. */
    public void append(float[] values) throws IOException {
        long length = Math.max(rowLength(shape), 1);
        if (values.length % length != 0 || rows + values.length / length > expected()) {
            throw new IllegalArgumentException("%d values after row %d do not fit shape %s"
                    .formatted(values.length, rows, Arrays.toString(shape)));
        }
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        write(bytes, headerBytes + rows * length * Float.BYTES);
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
