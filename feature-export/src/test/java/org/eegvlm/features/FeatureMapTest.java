package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureMapTest {

    @TempDir
    Path folder;

    private Path manifest;

    @BeforeEach
    void writeManifest() throws IOException {
        manifest = folder.resolve("epochs.jsonl");
        new EpochManifest(List.of(
                        epoch("a", Optional.of(SleepStage.N2)),
                        epoch("b", Optional.of(SleepStage.REM)),
                        epoch("c", Optional.empty())))
                .write(manifest);
    }

    @Test
    void drawsADotForEveryScoredRow() throws IOException {
        var svg = folder.resolve("map.svg");

        int drawn = FeatureMap.draw(manifest, List.of(features("a", "b", "c")), svg, false);

        assertThat(drawn).isEqualTo(2);
        assertThat(svg).content().contains("x.npy, 2 rows", "REM", "100\u00a0% of the variance");
        assertThat(Files.readString(svg).split("<circle", -1)).hasSize(1 + 2 + SleepStage.values().length);
    }

    @Test
    void replacesADrawingOnRequestOnly() throws IOException {
        var svg = Files.createFile(folder.resolve("map.svg"));
        var features = List.of(features("a", "b"));

        assertThatThrownBy(() -> FeatureMap.draw(manifest, features, svg, false))
                .isInstanceOf(OutputExistsException.class);
        assertThat(FeatureMap.draw(manifest, features, svg, true)).isEqualTo(2);
    }

    @Test
    void namesTheRowThatTheManifestLacks() throws IOException {
        var features = List.of(features("a", "stranger"));

        assertThatThrownBy(() -> FeatureMap.draw(manifest, features, folder.resolve("map.svg"), false))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("row 1")
                .hasMessageContaining("stranger");
    }

    @Test
    void refusesRowsOfTwoWidths() throws IOException {
        var narrow = features("narrow.npy", 3, "a", "b");
        var files = List.of(features("a", "b"), narrow);

        assertThatThrownBy(() -> FeatureMap.draw(manifest, files, folder.resolve("map.svg"), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narrow.npy have 3 numbers");
    }

    @Test
    void refusesARowThatIsNotFiniteAndKeepsTheOlderDrawing() throws IOException {
        var svg = Files.createFile(folder.resolve("map.svg"));
        var npy = features("a", "b");
        NpyFile.write(npy, new long[] {2, 1, 4}, new float[] {1, 2, 3, 4, 5, Float.NaN, 7, 8});

        assertThatThrownBy(() -> FeatureMap.draw(manifest, List.of(npy), svg, true))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("row 1")
                .hasMessageContaining("NaN");
        assertThat(svg).exists();
    }

    @Test
    void takesTheFileThatIsThere() throws IOException {
        var eval = features(FeatureExport.EVAL_FEATURES, 4, "a", "b");

        assertThat(FeatureMap.filesBeside(manifest)).containsExactly(eval);
    }

    @Test
    void tellsInOneLineThatNoFeaturesAreThere() {
        assertThatThrownBy(() -> FeatureMap.filesBeside(manifest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("export-features");
    }

    @Test
    void findsTheDirectionsOfGreatestVariance() {
        var rows = new float[][] {{10, 1, 0}, {-10, 1, 0}, {10, -1, 0}, {-10, -1, 0}};

        var plane = PrincipalPlane.of(rows);

        assertThat(plane.project(rows[1])).containsExactly(new double[] {-10, 1}, within(1e-6));
        assertThat(plane.shares()).containsExactly(new double[] {100 / 101.0, 1 / 101.0}, within(1e-6));
    }

    private Path features(String... ids) throws IOException {
        return features("x.npy", 4, ids);
    }

    private Path features(String name, int width, String... ids) throws IOException {
        var npy = folder.resolve(name);
        var values = new float[ids.length * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * i);
        }
        NpyFile.write(npy, new long[] {ids.length, 1, width}, values);
        var standardization = new FeatureSidecar.Standardization(new float[width], new float[width]);
        Json.write(FeatureSidecar.beside(npy), new FeatureSidecar(List.of(ids), "e", "r", List.of(), standardization));
        return npy;
    }

    private static EpochRecord epoch(String id, Optional<SleepStage> stage) {
        return new EpochRecord(
                id,
                "s",
                "n",
                0,
                0,
                30,
                stage,
                Split.EVAL,
                id + ".png",
                id,
                "spec",
                "night.edf",
                Optional.empty(),
                List.of("EEG"),
                true);
    }
}
