package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.eegvlm.core.manifest.Rows.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamedManifestTest {

    private static final EpochRecord FIRST = row("a-0", "a", Split.TRAIN, "1");
    private static final EpochRecord SECOND = row("a-1", "a", Split.TRAIN, "2");
    private static final EpochRecord THIRD = row("b-0", "b", Split.EVAL, "3");

    @TempDir
    Path folder;

    @Test
    void readsTheEpochsInTheirOrderAsOftenAsWanted() throws IOException {
        var manifest = open(written(FIRST, THIRD, SECOND));

        assertThat(read(manifest)).containsExactly(FIRST, SECOND);
        assertThat(read(manifest)).containsExactly(FIRST, SECOND);
    }

    @Test
    void readsSomeAtATime() throws IOException {
        try (var epochs = open(written(FIRST, SECOND, THIRD)).read(epoch -> true)) {
            epochs.skip(1);
            assertThat(epochs.next(1)).containsExactly(SECOND);
            assertThat(epochs.next(2)).containsExactly(THIRD);
            assertThat(epochs.next(2)).isEmpty();
        }
    }

    @Test
    void countsEachSubjectsEpochs() throws IOException {
        var unscored = Rows.scored("c-0", Split.VALIDATION, Optional.empty());

        var manifest = open(written(FIRST, SECOND, unscored));

        assertThat(manifest.subjects(Split.TRAIN, true)).containsExactly("a");
        assertThat(manifest.subjects(Split.VALIDATION, false)).containsExactly(unscored.subject());
        assertThat(manifest.subjects(Split.VALIDATION, true)).isEmpty();
        assertThat(manifest.count("a", true)).isEqualTo(2);
        assertThat(manifest.count(unscored.subject(), false)).isEqualTo(1);
        assertThat(manifest.count(unscored.subject(), true)).isZero();
        assertThat(manifest.count("stranger", false)).isZero();
    }

    @Test
    void passesOnePictureTwiceInASplit() throws IOException {
        var again = row("a-1", "a", Split.TRAIN, "1");

        assertThat(read(open(written(FIRST, again)))).containsExactly(FIRST, again);
    }

    @Test
    void refusesTwoRowsWithOneIdAsAHeldManifestDoes() throws IOException {
        assertRefusedAsHeld(MalformedDataException.class, THIRD, FIRST, SECOND, FIRST);
    }

    @Test
    void refusesASubjectInTwoSplitsAsAHeldManifestDoes() throws IOException {
        var elsewhere = row("a-2", "a", Split.VALIDATION, "4");
        var picture = row("c-0", "c", Split.VALIDATION, "1");

        assertRefusedAsHeld(LeakageException.class, THIRD, FIRST, picture, elsewhere);
    }

    @Test
    void refusesAPictureInTwoSplitsAsAHeldManifestDoes() throws IOException {
        var later = row("c-0", "c", Split.VALIDATION, "3");
        var first = row("c-1", "c", Split.VALIDATION, "2");

        assertRefusedAsHeld(LeakageException.class, FIRST, SECOND, THIRD, first, later);
    }

    @Test
    void showsEachEpochToWhoeverMayRefuseIt() throws IOException {
        var file = written(FIRST, SECOND);

        assertThatThrownBy(() -> StreamedManifest.open(file, (epoch, place) -> {
                    throw new IllegalArgumentException(epoch.id() + " at " + place);
                }))
                .hasMessage("a-0 at line 1");
    }

    @Test
    void tellsTheLineThatLacksAField() throws IOException {
        var file = Files.writeString(file(), "{\"id\": \"a-0\", \"channels\": []}\n");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("one is missing");
    }

    @Test
    void refusesToGoOnWithAChangedFile() throws IOException {
        var manifest = open(written(FIRST));
        Files.writeString(file(), Json.line(SECOND) + "\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> read(manifest))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("changed while it was read");
    }

    private void assertRefusedAsHeld(Class<? extends Exception> type, EpochRecord... rows) throws IOException {
        var file = written(rows);
        var refusal = catchThrowable(() -> EpochManifest.read(file));

        assertThatThrownBy(() -> open(file)).isInstanceOf(type).hasMessage(refusal.getMessage());
    }

    private static StreamedManifest open(Path file) throws IOException {
        return StreamedManifest.open(file, (epoch, place) -> {});
    }

    /** The train split. */
    private static List<EpochRecord> read(StreamedManifest manifest) throws IOException {
        try (var epochs = manifest.read(epoch -> epoch.split() == Split.TRAIN)) {
            return epochs.next(10);
        }
    }

    private Path written(EpochRecord... rows) throws IOException {
        Json.writeLines(file(), List.of(rows));
        return file();
    }

    private Path file() {
        return folder.resolve("epochs.jsonl");
    }
}
