package org.eegvlm.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eegvlm.core.manifest.Rows.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochManifestTest {

    @TempDir
    Path folder;

    @Test
    void readsBackWhatWasWritten() throws IOException {
        var manifest =
                new EpochManifest(List.of(row("a-0", "a", Split.TRAIN, "1"), row("b-0", "b", Split.VALIDATION, "2")));
        manifest.write(file());
        assertThat(EpochManifest.read(file())).isEqualTo(manifest);
    }

    @Test
    void keepsWhatATextRecordingDoesNotTell() throws IOException {
        var text = new TextSignal(200, "CZ-A1", "uV");
        new EpochManifest(List.of(Rows.textRow("a-0", text))).write(file());

        assertThat(Files.readString(file()))
                .contains("\"text\":{\"rate_hz\":200.0,\"channel\":\"CZ-A1\",\"unit\":\"uV\"}");
        assertThat(EpochManifest.read(file()).records().get(0).text()).contains(text);
    }

    @Test
    void givesTheRowsAndSubjectsOfASplit() {
        var train = row("b-0", "b", Split.TRAIN, "1");
        var eval = row("a-0", "a", Split.EVAL, "2");
        var manifest = new EpochManifest(List.of(train, eval));
        assertThat(manifest.split(Split.EVAL)).containsExactly(eval);
        assertThat(manifest.subjects(Split.TRAIN, Split.EVAL)).containsExactly("a", "b");
    }

    @Test
    void refusesTwoRowsWithOneId() {
        var row = row("a-0", "a", Split.TRAIN, "1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EpochManifest(List.of(row, row)))
                .withMessageContaining("a-0");
    }

    @Test
    void tellsTheLineThatRepeatsAnId() throws IOException {
        var row = row("a-0", "a", Split.TRAIN, "1");
        Json.writeLines(file(), List.of(row, row));
        assertThatThrownBy(() -> EpochManifest.read(file()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void tellsTheLineThatLacksAField() throws IOException {
        Files.writeString(file(), "{\"id\": \"a-0\", \"channels\": []}\n");
        assertThatThrownBy(() -> EpochManifest.read(file()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("one is missing");
    }

    @Test
    void refusesASubjectInTwoSplits() throws IOException {
        Json.writeLines(file(), List.of(row("a-0", "a", Split.TRAIN, "1"), row("a-1", "a", Split.EVAL, "2")));
        assertThatThrownBy(() -> EpochManifest.read(file())).isInstanceOf(LeakageException.class);
    }

    private Path file() {
        return folder.resolve("epochs.jsonl");
    }
}
