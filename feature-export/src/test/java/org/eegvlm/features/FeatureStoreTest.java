package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStoreTest {

    private static final List<String> IDS = List.of("a", "b", "c", "d");

    @TempDir
    Path folder;

    @Test
    void theFittedRowsHaveMean0AndRms1() throws IOException {
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            store.append(IDS, rows());
            store.finish(store.fit(first(3)), sidecar -> {});
        }

        var file = NpyFile.open(npy());
        assertThat(file.shape()).containsExactly(4, 1, 1024);
        for (int i = 1; i < FeatureStore.WIDTH; i++) { // float32 rounds at 6e-8 of the largest value
            double sum = 0;
            double squares = 0;
            for (int n = 0; n < 3; n++) {
                double value = file.row(n)[i];
                sum += value / 3;
                squares += value * value / 3;
            }
            assertThat(sum).isCloseTo(0, within(1e-5));
            assertThat(Math.sqrt(squares)).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void aFeatureThatNeverChangesBecomes0() throws IOException {
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            store.append(IDS, rows());
            store.finish(store.fit(first(4)), sidecar -> {});
        }

        assertThat(NpyFile.open(npy()).row(2)[0]).isZero();
    }

    @Test
    void theFileHasTheStandardisedRows() throws IOException {
        Standardization fitted;
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            store.append(IDS, rows());
            fitted = store.fit(first(2));
            store.finish(fitted, sidecar -> {});
        }

        assertThat(NpyFile.open(npy()).row(3)).containsExactly(fitted.apply(rows()[3]));
    }

    @Test
    void theSidecarIsThereBeforeTheFile() throws IOException {
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            store.append(IDS, rows());
            store.finish(identity(), sidecar -> {
                assertThat(sidecar).isEqualTo(folder.resolve("features.json"));
                assertThat(npy()).doesNotExist();
            });
        }

        assertThat(npy()).exists();
    }

    @Test
    void goesOnAfterTheLastWholeRow() throws IOException {
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            store.append(IDS.subList(0, 3), Arrays.copyOf(rows(), 3));
        }
        var partial = npy().resolveSibling("features.npy.partial");
        Files.write(partial, Arrays.copyOf(Files.readAllBytes(partial), (int) Files.size(partial) - 1));

        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            assertThat(store.rows()).isEqualTo(2);
            store.append(IDS.subList(2, 4), Arrays.copyOfRange(rows(), 2, 4));
            store.finish(identity(), sidecar -> {});
        }

        assertThat(NpyFile.open(npy()).floats())
                .hasSize(4 * 1024)
                .startsWith(rows()[0])
                .endsWith(rows()[3]);
        try (var left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactly("features.npy");
        }
    }

    @Test
    void clearsWhateverAKilledRunLeaves() throws IOException {
        for (var left : List.of("npy", "npy.partial", "npy.tmp", "json", "json.tmp")) {
            Files.createFile(folder.resolve("features." + left));
        }

        FeatureStore.clear(npy());

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesWhatIsNoNumber() throws IOException {
        var rows = Arrays.copyOf(rows(), 1);
        rows[0][7] = Float.NaN;
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            assertThatThrownBy(() -> store.append(List.of("a"), rows))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("feature 7 of sample a is NaN");
        }
    }

    @Test
    void refusesToFinishWithoutAllRows() throws IOException {
        try (var store = FeatureStore.resume(npy(), IDS.size())) {
            assertThatThrownBy(() -> store.finish(identity(), sidecar -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("0 of 4 rows are there");
        }
        assertThat(npy()).doesNotExist();
    }

    @Test
    void refusesToReplaceAFinishedFile() throws IOException {
        Files.createFile(npy());

        assertThatThrownBy(() -> FeatureStore.resume(npy(), IDS.size())).isInstanceOf(OutputExistsException.class);
    }

    private Path npy() {
        return folder.resolve("features.npy");
    }

    /** Feature 0 never changes; the others are of scale 100 and below. */
    private static float[][] rows() {
        var random = new SplittableRandom(5);
        var rows = new float[4][FeatureStore.WIDTH];
        for (var row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = i == 0 ? 0.1f : (float) (100.0 / i * random.nextDouble());
            }
        }
        return rows;
    }

    private static BitSet first(int count) {
        var places = new BitSet();
        places.set(0, count);
        return places;
    }

    private static Standardization identity() {
        var ones = new float[FeatureStore.WIDTH];
        Arrays.fill(ones, 1);
        return new Standardization(new float[FeatureStore.WIDTH], ones);
    }
}
