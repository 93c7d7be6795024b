package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A {@code .npy} file of floats in C order, versions 1 to 3, types {@code <f2}, {@code <f4} and {@code <f8}.
 *
 * <p>Opening reads the header and compares it with the file's length. No file handle stays open.
 */
public final class NpyFile {

    private final Path file;
    private final NpyHeader header;
    private final ElementType type;

    private NpyFile(Path file, NpyHeader header) {
        this.file = file;
        this.header = header;
        this.type = NpyHeader.type(header.dtype());
    }

    /**
     * @throws MalformedTensorException if the file is no {@code .npy}, is shorter or longer than its header says, or
     *     holds what is not read here: objects, Fortran order, other types
     */
    public static NpyFile open(Path file) throws IOException {
        var npy = new NpyFile(file, NpyHeader.read(file));
        long expected = npy.header.dataOffset() + Shapes.elements(npy.header.shape()) * npy.type.width();
        long size = Files.size(file);
        if (size != expected) {
            throw new MalformedTensorException(
                    file,
                    "byte " + Math.min(size, expected),
                    "%s%s takes %d bytes, the file has %d"
                            .formatted(npy.dtype(), Arrays.toString(npy.shape()), expected, size));
        }
        return npy;
    }

    /** Writes a whole array as {@code <f4}; an existing file is replaced. */
    public static void write(Path file, long[] shape, float[] values) throws IOException {
        write(file, "f4", shape, values);
    }

    /**
     * Writes a whole array; an existing file is replaced.
     *
     * @param dtype {@code f2}, rounded to nearest even, {@code f4} or {@code f8}
     */
    public static void write(Path file, String dtype, long[] shape, float[] values) throws IOException {
        if (values.length != Shapes.elements(shape)) {
            throw new IllegalArgumentException(
                    "%d values do not fill shape %s".formatted(values.length, Arrays.toString(shape)));
        }
        Files.deleteIfExists(file);
        try (var writer = NpyWriter.resume(file, dtype, shape)) {
            writer.append(values);
        }
    }

    public Path path() {
        return file;
    }

    public long[] shape() {
        return header.shape().clone();
    }

    /** {@code f2}, {@code f4} or {@code f8}. */
    public String dtype() {
        return header.dtype();
    }

    /** The first size; a scalar is one row. */
    public long rows() {
        return header.shape().length == 0 ? 1 : header.shape()[0];
    }

    /** Elements of a row: the product of all sizes but the first. */
    public long rowLength() {
        return NpyWriter.rowLength(header.shape());
    }

    /** Row {@code index}, flat. */
    public float[] row(long index) throws IOException {
        if (index < 0 || index >= rows()) {
            throw new IllegalArgumentException("%s has rows 0 to %d, not %d".formatted(file, rows() - 1, index));
        }
        return FileBytes.floats(file, header.dataOffset() + index * rowLength() * type.width(), rowLength(), type);
    }

    /** All elements, flat, in C order. */
    public float[] floats() throws IOException {
        return FileBytes.floats(file, header.dataOffset(), Shapes.elements(header.shape()), type);
    }
}
