package org.eegvlm.llama.vector;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/**
 * A matrix of fp32 or bf16 in native memory, row after row, read where it lies. Whoever owns the memory keeps it as long
 * as this is used.
 *
 * <p>Rows are copied to a small tile on Java's heap, which stays in the nearest cache, and computed with from there: the
 * vector instructions' own way into a buffer differs between Java 17 and later ones, and is no quicker.
 */
public final class MappedMatrix {

    /** What a tile should hold: a third of a common first-level cache. */
    private static final int TILE_INTS = 4096;

    private final IntBuffer memory;
    private final int rows;
    private final int rowInts;
    private final Arrangement arrangement;

    private MappedMatrix(IntBuffer memory, int rows, Arrangement arrangement) {
        this.memory = memory;
        this.rows = rows;
        this.arrangement = arrangement;
        this.rowInts = arrangement.ints();
    }

    /**
     * @param memory direct, in native order, of whole rows
     * @param rows how many; whether a number takes two bytes or four follows from the length
     */
    public static MappedMatrix of(ByteBuffer memory, int rows, int columns) {
        long numbers = (long) rows * columns;
        boolean paired = memory.capacity() == numbers * Short.BYTES;
        if (!paired && memory.capacity() != numbers * Float.BYTES || paired && columns % 2 != 0) {
            throw new IllegalArgumentException(
                    "%d bytes are no matrix of %d x %d".formatted(memory.capacity(), rows, columns));
        }
        return new MappedMatrix(memory.asIntBuffer(), rows, new Arrangement(paired, columns));
    }

    public int rows() {
        return rows;
    }

    /** Of the vectors that it is multiplied by. */
    public Arrangement arrangement() {
        return arrangement;
    }

    /** Rows of a tile: one at least, and multiples of four, which are computed together. */
    public int tileRows() {
        int fitting = Math.max(1, TILE_INTS / rowInts);
        return fitting < 4 ? fitting : fitting / 4 * 4;
    }

    /** How many tiles there are; the last may have fewer rows. */
    public int tiles() {
        return (rows + tileRows() - 1) / tileRows();
    }

    /** The ints that an array for a tile must have. */
    public int tileInts() {
        return Math.max(TILE_INTS, rowInts) + TileProducts.LANES;
    }

    /** Rows of the tile with this number. */
    public int rowsOf(int tile) {
        return Math.min(tileRows(), rows - tile * tileRows());
    }

    /** Reads rows into a tile. */
    public void read(int firstRow, int count, int[] tile) {
        memory.get(firstRow * rowInts, tile, 0, count * rowInts);
    }

    /** Products of the rows that were read with one arranged vector. */
    public void products(int[] tile, int count, float[] x, float[] sums) {
        TileProducts.products(tile, 0, rowInts, count, arrangement, x, 0, sums, 0);
    }

    /**
     * Products of one part of each row that was read.
     *
     * @param part of the row, of which it is the number {@code number}
     */
    public void products(
            int[] tile, int count, Arrangement part, int number, float[] x, int xAt, float[] sums, int to) {
        TileProducts.products(tile, number * part.ints(), rowInts, count, part, x, xAt, sums, to);
    }

    /** Adds to an arranged sum {@code factors[from + row]} times one part of each row that was read. */
    public void addScaled(
            int[] tile, int count, Arrangement part, int number, float[] factors, int from, float[] sum, int to) {
        TileProducts.addScaled(tile, number * part.ints(), rowInts, count, part, factors, from, sum, to);
    }

    /** Copies a row out, as floats. */
    public void row(int row, float[] numbers) {
        int at = row * rowInts;
        for (int i = 0; i < arrangement.columns(); i++) {
            int bits = arrangement.paired()
                    ? memory.get(at + (i >> 1)) >>> (i & 1) * Short.SIZE << Short.SIZE
                    : memory.get(at + i);
            numbers[i] = Float.intBitsToFloat(bits);
        }
    }

    /** Writes a row, rounded to the nearest where a number has two bytes. */
    public void write(int row, float[] numbers, int[] tile) {
        for (int i = 0; i < rowInts; i++) {
            tile[i] = arrangement.paired()
                    ? rounded(numbers[2 * i]) | rounded(numbers[2 * i + 1]) << Short.SIZE
                    : Float.floatToRawIntBits(numbers[i]);
        }
        memory.put(row * rowInts, tile, 0, rowInts);
    }

    /** bf16, the nearest and of two the even one. */
    private static int rounded(float number) {
        int bits = Float.floatToIntBits(number);
        return Float.isNaN(number) ? bits >>> Short.SIZE : bits + 0x7fff + (bits >>> Short.SIZE & 1) >>> Short.SIZE;
    }
}
