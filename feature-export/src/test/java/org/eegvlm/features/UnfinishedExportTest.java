package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.features.FeatureExport.EVAL_FEATURES;
import static org.eegvlm.features.FeatureExport.TRAIN_FEATURES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a killed export leaves, by the order in which it writes, the next one goes on from there to the same bytes. */
class UnfinishedExportTest {

    private static final String TORN = "{ \"ids\" : [ \"SIM401";

    @TempDir
    static Path shared;

    @TempDir
    Path output;

    static Cohort cohort;
    static Path vision;
    static Path undisturbed;
    static ExportReport rows;

    @BeforeAll
    static void export() throws IOException {
        cohort = Cohort.simulatedIn(shared);
        vision = cohort.visionModel("vision", cohort.subjects(Split.TRAIN), Cohort.SPEC.sha256());
        undisturbed = shared.resolve("undisturbed");
        rows = run(undisturbed, Progress.SILENT);
    }

    @Test
    void goesOnWhereThePlanIsCutOff() throws IOException {
        Files.writeString(output.resolve("features.plan.tmp"), TORN);

        assertGoesOn();
    }

    @Test
    void goesOnAfterTheLastWholeBatch() throws IOException {
        diesAt(rows.trainRows(), 64);
        var partial = output.resolve(TRAIN_FEATURES + ".partial");
        Files.write(partial, new byte[20 * 4096 + 5], StandardOpenOption.APPEND); // cut within a batch, and a row

        assertThat(assertGoesOn().get(0)).isGreaterThan(64);
    }

    @Test
    void goesOnWhereTheSidecarIsCutOff() throws IOException {
        diesAt(rows.trainRows(), rows.trainRows());
        Files.writeString(output.resolve("train_high_level_features.json.tmp"), TORN);

        assertThat(assertGoesOn()).containsExactly((long) rows.evalRows());
    }

    @Test
    void goesOnWhereTheStandardisedFileIsCutOff() throws IOException {
        diesAt(rows.trainRows(), rows.trainRows());
        Files.copy(sidecar(undisturbed), sidecar(output));
        var whole = Files.readAllBytes(undisturbed.resolve(TRAIN_FEATURES));
        Files.write(output.resolve(TRAIN_FEATURES + ".tmp"), Arrays.copyOf(whole, whole.length / 2));

        assertGoesOn();
    }

    @Test
    void goesOnWhereTheEncodersRowsAreStillThere() throws IOException {
        diesAt(rows.evalRows(), 30);
        Files.writeString(output.resolve(TRAIN_FEATURES + ".partial"), "rows of the encoder");

        assertGoesOn();
    }

    @Test
    void goesOnWithTheSecondFile() throws IOException {
        diesAt(rows.evalRows(), 30);
        var first = Files.getLastModifiedTime(output.resolve(TRAIN_FEATURES));

        assertGoesOn();

        assertThat(Files.getLastModifiedTime(output.resolve(TRAIN_FEATURES))).isEqualTo(first);
    }

    @Test
    void forgetsThePlanWhereAllFilesAreFinished() throws IOException {
        diesAt(rows.evalRows(), 30);
        for (var name : List.of(EVAL_FEATURES, "eval_high_level_features.json")) {
            Files.copy(undisturbed.resolve(name), output.resolve(name));
        }

        assertThat(assertGoesOn()).isEmpty();
    }

    @Test
    void goesOnFromNoRowOfAnotherManifest() throws IOException {
        var manifest = Files.copy(cohort.manifestFile(), shared.resolve("changing.jsonl"));
        var others = exchanged(Files.readAllLines(manifest));
        Progress editor = (task, done, total, note) -> {
            try {
                Files.write(manifest, others);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        assertThatThrownBy(() -> run(manifest, output, editor))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("changing.jsonl");
        Files.copy(cohort.manifestFile(), manifest, StandardCopyOption.REPLACE_EXISTING);

        run(manifest, output, Progress.SILENT);

        assertSameAsUndisturbed();
    }

    /** Neighbours of one length change places: whoever reads on in the file finds whole lines. */
    private static List<String> exchanged(List<String> lines) {
        var exchanged = new ArrayList<>(lines);
        for (int n = 1; n < lines.size(); n += 2) {
            if (lines.get(n).length() == lines.get(n - 1).length()) {
                Collections.swap(exchanged, n - 1, n);
            }
        }
        return exchanged;
    }

    /** Returns how many rows were there after each batch. */
    private List<Long> assertGoesOn() throws IOException {
        var done = new ArrayList<Long>();
        run(output, (task, row, total, note) -> done.add(row));

        assertSameAsUndisturbed();
        return done;
    }

    private void assertSameAsUndisturbed() throws IOException {
        try (var files = Files.list(undisturbed)) {
            for (var file : files.toList()) {
                assertThat(output.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
        try (var files = Files.list(output)) {
            assertThat(files).hasSize(4);
        }
    }

    /** @param total tells the file of which the row is */
    private void diesAt(int total, int row) {
        Progress killer = (task, done, all, note) -> {
            if (all == total && done >= row) {
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> run(output, killer)).hasMessage("killed");
    }

    private static ExportReport run(Path output, Progress progress) throws IOException {
        return run(cohort.manifestFile(), output, progress);
    }

    private static ExportReport run(Path manifest, Path output, Progress progress) throws IOException {
        return new FeatureExport(new ExportConfig(manifest, vision, output), progress).run();
    }

    private static Path sidecar(Path folder) {
        return FeatureSidecar.beside(folder.resolve(TRAIN_FEATURES));
    }
}
