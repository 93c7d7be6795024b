package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplittingTest {

    @TempDir
    Path folder;

    private Path manifest = Path.of("");

    @BeforeEach
    void renderFourSubjects() throws IOException {
        manifest = Files.createDirectories(folder.resolve("data")).resolve("epochs.jsonl");
        Files.createDirectories(manifest.resolveSibling("eeg_images_ft"));
        Files.writeString(manifest.resolveSibling("render.json"), "{}");
        var rows = List.of(
                Rows.row("a-0", "a", Split.TRAIN, "0"),
                Rows.row("a-1", "a", Split.TRAIN, "1"),
                Rows.row("b-0", "b", Split.TRAIN, "2"),
                Rows.row("c-0", "c", Split.VALIDATION, "3"),
                Rows.row("d-0", "d", Split.VALIDATION, "4"));
        for (var row : rows) {
            Files.writeString(manifest.resolveSibling(row.image()), "picture of " + row.id());
        }
        new EpochManifest(rows).write(manifest);
    }

    @Test
    void makesADataFolderForEachFold() throws IOException {
        var made = split(new SplitPlan.Folds(2, 1, 7)).run();

        assertThat(made.keySet()).containsExactly(out("fold-1"), out("fold-2"));
        for (var fold : made.keySet()) {
            var read = EpochManifest.read(fold.resolve("epochs.jsonl"));
            assertThat(read.subjects(Split.EVAL)).hasSize(2);
            assertThat(read.subjects(Split.VALIDATION)).hasSize(1);
            assertThat(read.subjects(Split.TRAIN)).hasSize(1);
            assertThat(fold.resolve("render.json")).hasContent("{}");
        }
        assertThat(made.get(out("fold-1")).subjects(Split.EVAL))
                .doesNotContainAnyElementsOf(made.get(out("fold-2")).subjects(Split.EVAL));
    }

    @Test
    void putsEachPictureWhereItsSplitLies() throws IOException {
        split(new SplitPlan.Named(List.of("a"), 0, 0)).run();

        assertThat(out("eeg_images_eval/a-1.png")).hasContent("picture of a-1");
        assertThat(out("eeg_images_ft/c-0.png")).hasContent("picture of c-0");
        assertThat(EpochManifest.read(out("epochs.jsonl")).split(Split.EVAL))
                .extracting(EpochRecord::image)
                .containsExactly("eeg_images_eval/a-0.png", "eeg_images_eval/a-1.png");
    }

    @Test
    void splitsAFolderWithoutPicturesToo() throws IOException {
        Output.deleteTree(manifest.resolveSibling("eeg_images_ft"));

        split(new SplitPlan.Named(List.of("a"), 0, 0)).run();

        assertThat(EpochManifest.hasPictures(out("epochs.jsonl"))).isFalse();
        assertThat(EpochManifest.read(out("epochs.jsonl")).subjects(Split.EVAL)).containsExactly("a");
    }

    @Test
    void stillFindsTheRecordings() throws IOException {
        split(new SplitPlan.Named(List.of("a"), 0, 0)).run();

        var epoch = EpochManifest.read(out("epochs.jsonl")).records().get(0);
        assertThat(out("").resolve(epoch.recording())).isEqualTo(manifest.resolveSibling("raw/a.edf"));
    }

    @Test
    void leavesOutEachSubjectOnce() throws IOException {
        var made = split(new SplitPlan.LeaveOneOut(1, 0)).run();

        assertThat(made.values())
                .extracting(fold -> fold.subjects(Split.EVAL))
                .containsExactly(List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    }

    @Test
    void drawsSubjectsForEvaluation() throws IOException {
        var made = split(new SplitPlan.HoldOut(new SubjectSplit(1, 2, 3))).run();

        assertThat(made.get(out("")).subjects(Split.EVAL)).hasSize(2);
    }

    @Test
    void refusesASubjectThatIsNotThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> split(new SplitPlan.Named(List.of("x"), 0, 0)).run())
                .withMessage("there is no subject x; there are [a, b, c, d]");
    }

    @Test
    void refusesToReplaceWhatIsThere() throws IOException {
        Files.createDirectories(out(""));
        assertThatExceptionOfType(OutputExistsException.class)
                .isThrownBy(() -> split(new SplitPlan.LeaveOneOut(1, 0)).run());
    }

    @Test
    void neverReplacesThePicturesItSplits() {
        var config = new SplitConfig(manifest, folder, new SplitPlan.LeaveOneOut(1, 0), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Splitting(config, Progress.SILENT).run())
                .withMessageContaining("holds the pictures to split");
        assertThat(manifest).exists();
    }

    @Test
    void neverReplacesThemThroughALink() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("data"));
        var config = new SplitConfig(manifest, link, new SplitPlan.LeaveOneOut(1, 0), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Splitting(config, Progress.SILENT).run())
                .withMessageContaining("holds the pictures to split");
        assertThat(manifest).exists();
    }

    private Splitting split(SplitPlan plan) {
        return new Splitting(new SplitConfig(manifest, out(""), plan, false), Progress.SILENT);
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }
}
