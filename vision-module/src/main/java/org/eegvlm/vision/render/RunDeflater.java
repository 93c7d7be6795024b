package org.eegvlm.vision.render;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Compresses bytes that often repeat themselves, as the paper between the lines of a drawing does: a zlib stream (RFC
 * 1950, 1951) of one block, with no other matches than runs of one byte. Several times as fast as the JDK's fastest level,
 * as small, and the same bytes whatever zlib a JDK is built with.
 */
final class RunDeflater {

    /** So many bytes behind the stream are written with it. */
    static final int SPARE = Long.BYTES;

    private static final int FIRST_LENGTH = 257;
    private static final int SYMBOLS = 286;
    private static final int CODE_LENGTHS = 19;

    /** Of RFC 1951, section 3.2.5: the shortest run of each length symbol, and how many more bits tell it exactly. */
    private static final int[] RUN_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };

    private static final int[] RUN_EXTRA_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };

    /** The length symbol of each run. */
    private static final int[] RUN_SYMBOL = runSymbols();

    /** A token's code: so many bits tell how many more there are, and these are above. */
    private static final int COUNT_BITS = 6;

    private static final int LOW_BITS = (1 << COUNT_BITS) - 1;

    private final byte[] data;
    private final RunTokens tokens;
    private final HuffmanCode code;
    private final int[] codes;
    private final int size;

    private byte[] out = {};
    private int written;
    private long buffer;
    private int buffered;

    /** @param data with {@link RunTokens#SPARE} more bytes behind them */
    RunDeflater(byte[] data) {
        this.data = data;
        tokens = RunTokens.of(data);
        var uses = tokens.uses();
        code = HuffmanCode.of(symbols(uses));
        codes = codes(code);
        long bits = 16 + 3 + 5 + 5 + 4 + 3 * CODE_LENGTHS + 4 * (SYMBOLS + 1);
        for (int token = 0; token < uses.length; token++) {
            bits += (long) uses[token] * (codes[token] & LOW_BITS);
        }
        size = Math.toIntExact((bits + Byte.SIZE - 1) / Byte.SIZE + Integer.BYTES);
    }

    private static int[] symbols(int[] uses) {
        var counts = Arrays.copyOf(uses, SYMBOLS);
        Arrays.fill(counts, FIRST_LENGTH, SYMBOLS, 0);
        for (int run = RunTokens.SHORTEST_RUN; run <= RunTokens.LONGEST_RUN; run++) {
            counts[RUN_SYMBOL[run]] += uses[RunTokens.END + run];
        }
        return counts;
    }

    private static int[] codes(HuffmanCode code) {
        var codes = new int[RunTokens.KINDS];
        for (int symbol = 0; symbol <= RunTokens.END; symbol++) {
            codes[symbol] = code.bits()[symbol] << COUNT_BITS | code.lengths()[symbol];
        }
        for (int run = RunTokens.SHORTEST_RUN; run <= RunTokens.LONGEST_RUN; run++) {
            int symbol = RUN_SYMBOL[run];
            int kind = symbol - FIRST_LENGTH;
            int bits = code.bits()[symbol] | (run - RUN_BASE[kind]) << code.lengths()[symbol];
            int count = code.lengths()[symbol] + RUN_EXTRA_BITS[kind] + 1; // and the distance's bit, 0
            codes[RunTokens.END + run] = bits << COUNT_BITS | count;
        }
        return codes;
    }

    /** How many bytes the stream has. */
    int size() {
        return size;
    }

    /** Puts the stream where the file's position is, with room for {@value #SPARE} more bytes, which change. */
    void writeTo(ByteBuffer file) {
        out = file.array();
        written = file.position();
        writeHeader();
        writeTokens();
        write(0, -buffered & 7);
        writeChecksum();
        file.position(written);
    }

    private void writeHeader() {
        write(0x78, 8); // deflate, a window of 32 KiB
        write(0x01, 8); // fastest; makes the two a multiple of 31
        write(1, 1); // the last block
        write(2, 2); // with codes of its own
        write(SYMBOLS - FIRST_LENGTH, 5);
        write(0, 5); // one distance
        write(CODE_LENGTHS - 4, 4); // all of them
        // In the order of the RFC the three that repeat lengths come first: not used. The 16 lengths have 4 bits each.
        for (int symbol = 0; symbol < CODE_LENGTHS; symbol++) {
            write(symbol < 3 ? 0 : 4, 3);
        }
        for (int length : code.lengths()) {
            write(Integer.reverse(length) >>> 28, 4);
        }
        write(Integer.reverse(1) >>> 28, 4); // the distance, 1, has one bit
    }

    /** Two at a time: they have at most 2 · (15 + 5 + 1) bits, to which 7 may be left over. */
    private void writeTokens() {
        var each = tokens.tokens();
        int end = tokens.count();
        long left = buffer; // in registers, for it is all the time the loop takes
        int count = buffered;
        int at = written;
        for (int i = 0; i < end; i += 2) {
            int first = codes[each[i]];
            int second = codes[each[i + 1]];
            int firstCount = first & LOW_BITS;
            left |= (first >>> COUNT_BITS | (long) (second >>> COUNT_BITS) << firstCount) << count;
            count += firstCount + (second & LOW_BITS);
            RunTokens.LONG.set(out, at, left);
            at += count / Byte.SIZE;
            left >>>= count & -Byte.SIZE;
            count %= Byte.SIZE;
        }
        buffer = left;
        buffered = count;
        written = at;
    }

    private void writeChecksum() {
        var check = new Adler32();
        check.update(data, 0, data.length - RunTokens.SPARE);
        write(Integer.toUnsignedLong(Integer.reverseBytes((int) check.getValue())), Integer.SIZE);
    }

    /** At most 57 bits, the lowest first. Whole bytes go out, and with them, to be overwritten, what follows. */
    private void write(long bits, int count) {
        buffer |= bits << buffered;
        buffered += count;
        RunTokens.LONG.set(out, written, buffer);
        written += buffered / Byte.SIZE;
        buffer >>>= buffered & -Byte.SIZE;
        buffered %= Byte.SIZE;
    }

    private static int[] runSymbols() {
        var symbols = new int[RunTokens.LONGEST_RUN + 1];
        for (int kind = 0; kind < RUN_BASE.length; kind++) {
            Arrays.fill(symbols, RUN_BASE[kind], RunTokens.LONGEST_RUN + 1, FIRST_LENGTH + kind);
        }
        return symbols;
    }
}
