package org.eegvlm.llama.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedMatrixTest {

    @ParameterizedTest
    @CsvSource({"1, 2, 4", "7, 30, 4", "13, 64, 4", "5, 5000, 4", "1, 2, 2", "7, 30, 2", "13, 64, 2", "5, 10000, 2"})
    void multipliesEveryRow(int rows, int columns, int bytes) {
        var random = new Random(columns);
        var matrix = MappedMatrix.of(direct(rows * columns * bytes), rows, columns);
        var x = numbers(random, columns);
        var expected = new float[rows];
        for (int row = 0; row < rows; row++) {
            var numbers = numbers(random, columns);
            matrix.write(row, numbers, new int[matrix.tileInts()]);
            matrix.row(row, numbers);
            for (int i = 0; i < columns; i++) {
                expected[row] += numbers[i] * x[i];
            }
        }
        var arranged = new float[matrix.arrangement().length()];
        matrix.arrangement().arrange(x, 0, arranged, 0);

        assertThat(products(matrix, arranged)).containsExactly(expected, Offset.offset(1e-2f));
    }

    @Test
    void roundsToTheNearestBfloat16AndOfTwoToTheEvenOne() {
        var matrix = MappedMatrix.of(direct(8), 1, 4);
        var numbers = new float[] {1 + 1 / 256f, 1 + 3 / 256f, -1.0001f, Float.NaN};

        matrix.write(0, numbers, new int[matrix.tileInts()]);
        matrix.row(0, numbers);

        assertThat(numbers).containsExactly(1, 1 + 4 / 256f, -1, Float.NaN);
    }

    @Test
    void refusesMemoryOfAnotherSize() {
        assertThatThrownBy(() -> MappedMatrix.of(direct(24), 4, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("24 bytes are no matrix of 4 x 4");
    }

    private static float[] products(MappedMatrix matrix, float[] arranged) {
        var all = new float[matrix.rows()];
        var tile = new int[matrix.tileInts()];
        for (int number = 0; number < matrix.tiles(); number++) {
            var sums = new float[matrix.tileRows()];
            matrix.read(number * matrix.tileRows(), matrix.rowsOf(number), tile);
            matrix.products(tile, matrix.rowsOf(number), arranged, sums);
            System.arraycopy(sums, 0, all, number * matrix.tileRows(), matrix.rowsOf(number));
        }
        return all;
    }

    private static float[] numbers(Random random, int count) {
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
