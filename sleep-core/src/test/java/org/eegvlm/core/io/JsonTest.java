package org.eegvlm.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {

    @TempDir
    Path folder;

    private record Row(String id, Optional<String> note) {}

    @Test
    void readsBackTheLinesItWrote() throws IOException {
        var rows = List.of(new Row("a", Optional.of("µV")), new Row("b", Optional.empty()));
        Json.writeLines(file(), rows);
        assertThat(Json.readLines(file(), Row.class)).isEqualTo(rows);
    }

    @Test
    void tellsTheLineThatIsCutOff() throws IOException {
        Files.writeString(file(), "{\"id\":\"a\"}\n{\"id\":");
        assertMalformed("line 2");
    }

    @Test
    void refusesTwoRecordsOnOneLine() throws IOException {
        Files.writeString(file(), "{\"id\":\"a\"}{\"id\":\"b\"}\n");
        assertMalformed("line 1");
    }

    @Test
    void refusesNullForARecord() throws IOException {
        Files.writeString(file(), "null\n");
        assertMalformed("line 1: holds null");
        assertThatThrownBy(() -> Json.read(file(), Row.class)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void namesTheFileThatIsNotUtf8() throws IOException {
        Files.write(file(), "{\"id\":\"µ\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertMalformed("rows.jsonl: is not UTF-8");
    }

    @Test
    void aRecordInPiecesHasTheBytesOfTheWhole() throws IOException {
        var rows = Map.of("ids", List.of("a", "µ\u20ac\ud83d\ude34"));
        var whole = folder.resolve("whole.json");
        Json.write(whole, rows);

        Json.write(file(), json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("ids");
            json.writeString("a");
            json.writeString("µ\u20ac\ud83d\ude34");
            json.writeEndArray();
            json.writeEndObject();
        });

        assertThat(file()).hasSameBinaryContentAs(whole);
    }

    private void assertMalformed(String message) {
        assertThatThrownBy(() -> Json.readLines(file(), Row.class))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(message);
    }

    private Path file() {
        return folder.resolve("rows.jsonl");
    }
}
