package org.eegvlm.core.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTest {

    private static final String WHOLE = """
            {"question_id":"n-0","prompt":"Why?","text":"The stage is N2.","answer_id":"x","model_id":"m",\
            "metadata":{"subject":"s","night":"n","epoch":0,"epoch_seconds":20.0,"simulated":false}}
            """;

    @TempDir
    Path folder;

    @Test
    void tellsHowLongItsEpochIs() throws IOException {
        var answers = Answer.readAll(Files.writeString(folder.resolve("a.jsonl"), WHOLE));
        assertThat(answers.get(0).metadata().epochSeconds()).contains(20.0);
    }

    @Test
    void tellsTheLineThatDoesNotSayWhoseNightItIs() throws IOException {
        var foreign = "{\"question_id\":\"1\",\"text\":\"A cat.\",\"model_id\":\"llava\",\"metadata\":{}}\n";
        var file = Files.writeString(folder.resolve("a.jsonl"), WHOLE + foreign);
        assertThatThrownBy(() -> Answer.readAll(file))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("a.jsonl, line 2: needs question_id, text");
    }
}
