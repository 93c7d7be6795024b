package org.eegvlm.llama.vector;

/**
 * How a vector's numbers stand so that they meet those of a matrix row that is read as whole ints: in their order where
 * an int is one fp32; where it holds two bf16, those of even number first, then the odd ones. Each part is filled up with
 * zeros to whole vector registers.
 *
 * @param paired whether an int holds two numbers
 * @param columns how many numbers; even, if they are paired
 */
public record Arrangement(boolean paired, int columns) {

    /** Ints of a row. */
    int ints() {
        return paired ? columns / 2 : columns;
    }

    /** Numbers of a part with its zeros. */
    int part() {
        return TileProducts.wholeRegisters(ints());
    }

    /** Numbers of an arranged vector. */
    public int length() {
        return paired ? 2 * part() : part();
    }

    /** Where a number of the vector stands. */
    int place(int number) {
        return paired ? (number & 1) * part() + (number >> 1) : number;
    }

    /** Arranges numbers that begin at {@code from}; the places of zeros are left as they are. */
    public void arrange(float[] numbers, int from, float[] arranged, int to) {
        if (!paired) {
            System.arraycopy(numbers, from, arranged, to, columns);
            return;
        }
        int odd = to + part();
        for (int i = 0; i < columns / 2; i++) {
            arranged[to + i] = numbers[from + 2 * i];
            arranged[odd + i] = numbers[from + 2 * i + 1];
        }
    }
}
