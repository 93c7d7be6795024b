package org.eegvlm.vision.render;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes as what deflate writes of them when it looks for runs of one byte alone: four or more alike are the first one and a
 * repetition of it, all others stay as they are. A token is a byte, {@link #END}, or {@link #END} and a run's length.
 */
final class RunTokens {

    static final int END = 256;
    static final int SHORTEST_RUN = 3;
    static final int LONGEST_RUN = 258;

    /** Stands for no bits at all. */
    static final int NOTHING = END + LONGEST_RUN + 1;

    static final int KINDS = NOTHING + 1;

    /** So many bytes behind the data are read with them. */
    static final int SPARE = 2 * Long.BYTES;

    /** Eight bytes of an array, the first one lowest. */
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;

    /** Of eight bytes, how many are known to begin no run of four, or to begin one. */
    private static final int SEEN = 5;

    private static final int ROOM = 2 * Long.BYTES;

    private final byte[] data;
    private final int length;
    private short[] tokens;
    private int count;

    private RunTokens(byte[] data) {
        this.data = data;
        length = data.length - SPARE;
        tokens = new short[length / 4 + ROOM]; // mostly enough
    }

    /** @param data with {@value #SPARE} more bytes behind them */
    static RunTokens of(byte[] data) {
        var found = new RunTokens(data);
        found.find();
        return found;
    }

    /** In their order: {@link #END} is the last one, with a {@link #NOTHING} behind it if that makes their number even. */
    short[] tokens() {
        return tokens;
    }

    /** How many tokens there are, an even number. */
    int count() {
        return count;
    }

    /** How often each token occurs. */
    int[] uses() {
        var uses = new int[KINDS];
        var others = new int[KINDS]; // to count twice in one place would take a wait
        for (int i = 0; i < count; i += 2) {
            uses[tokens[i]]++;
            others[tokens[i + 1]]++;
        }
        for (int token = 0; token < KINDS; token++) {
            uses[token] += others[token];
        }
        return uses;
    }

    private void find() {
        int i = 0;
        while (i < length) {
            makeRoom();
            long word = (long) LONG.get(data, i);
            int single = singles(word);
            for (int k = 0; k < SEEN; k++) { // always all: how many it will be no processor foresees
                tokens[count + k] = (short) (word >>> k * Byte.SIZE & 0xFF);
            }
            count += single;
            i += single;
            if (single < SEEN && i < length) {
                i = addRun(i);
            }
        }
        count -= i - length;
        tokens[count++] = END;
        if (count % 2 == 1) {
            tokens[count++] = NOTHING;
        }
    }

    /** How many bytes there are before the first, in order from the lowest, that begins four alike. */
    private static int singles(long word) {
        long unlike = word ^ word >>> Byte.SIZE; // a byte is 0 where it and the next one are alike
        unlike |= unlike >>> Byte.SIZE | unlike >>> 2 * Byte.SIZE;
        long zeros = (unlike - ONES) & ~unlike & 0x8080808080L; // marks the first byte that is 0, and maybe later ones
        return Long.numberOfTrailingZeros(zeros | 1L << SEEN * Byte.SIZE) / Byte.SIZE;
    }

    /** @return where other bytes begin */
    private int addRun(int first) {
        int end = endOfRun(first);
        short value = (short) (data[first] & 0xFF);
        int left = end - first;
        while (left > SHORTEST_RUN) {
            makeRoom();
            int run = Math.min(left - 1, LONGEST_RUN);
            tokens[count++] = value;
            tokens[count++] = (short) (END + run);
            left -= 1 + run;
        }
        for (; left > 0; left--) {
            tokens[count++] = value;
        }
        return end;
    }

    private int endOfRun(int first) {
        long run = (data[first] & 0xFFL) * ONES;
        for (int i = first + 1; i < length; i += SPARE) {
            long difference = (long) LONG.get(data, i) ^ run;
            long next = (long) LONG.get(data, i + Long.BYTES) ^ run;
            if ((difference | next) != 0) {
                int alike = Long.numberOfTrailingZeros(difference);
                alike += alike / Long.SIZE * Long.numberOfTrailingZeros(next); // no branch, which would often be missed
                return Math.min(length, i + alike / Byte.SIZE);
            }
        }
        return length;
    }

    /** For all that is added between two calls. */
    private void makeRoom() {
        if (tokens.length < count + ROOM) {
            tokens = Arrays.copyOf(tokens, 2 * tokens.length);
        }
    }
}
