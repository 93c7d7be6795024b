package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignmentFitTest {

    private static final int WIDTH = 4;

    @TempDir
    Path folder;

    @Test
    void findsBackALinearMapButForTheRidge() {
        var fit = new AlignmentFit(WIDTH);
        var random = new SplittableRandom(1);
        for (int n = 0; n < 500; n++) {
            var row = row(random);
            fit.add(row, mapped(row));
        }

        var row = row(random);
        assertThat(fit.solve().apply(row)).containsExactly(mapped(row), within(0.1f));
    }

    @Test
    void bringsConstantFeaturesToTheOthersMean() {
        var fit = new AlignmentFit(2);
        fit.add(new float[] {3, 3}, new float[] {1, 5});
        fit.add(new float[] {3, 3}, new float[] {2, 5});

        assertThat(fit.solve().apply(new float[] {3, 3})).containsExactly(new float[] {1.5f, 5}, within(1e-6f));
    }

    @Test
    void takesRoundingForNothing() {
        var fit = new AlignmentFit(2);
        for (int n = 0; n < 999; n++) {
            fit.add(new float[] {0.1f, 12345.678f}, new float[] {n % 3, 5});
        }

        var alignment = fit.solve();

        assertThat(alignment.weight()).containsOnly(0);
        assertThat(alignment.apply(new float[] {0.1f, 12345.678f})).containsExactly(new float[] {1, 5}, within(1e-6f));
    }

    @Test
    void needsRows() {
        assertThatThrownBy(() -> new AlignmentFit(2).solve()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isReadBackAsItWasWritten() throws IOException {
        var alignment = new Alignment(new float[] {1, 2, 3, 4}, new float[] {5, 6});
        alignment.write(folder.resolve(Alignment.FILE));

        var read = Alignment.in(folder).orElseThrow();

        assertThat(read.weight()).containsExactly(alignment.weight());
        assertThat(read.apply(new float[] {1, 1})).containsExactly(8, 13);
    }

    private static float[] row(SplittableRandom random) {
        var row = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            row[i] = (float) random.nextDouble() + i;
        }
        return row;
    }

    /** A rotation of the first two, a stretch of the third, and a shift of all. */
    private static float[] mapped(float[] x) {
        return new float[] {1 - x[1], 1 + x[0], 1 + 2 * x[2], 1 + x[3]};
    }
}
