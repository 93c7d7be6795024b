package org.eegvlm.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSampleTest {

    private static final String TURNS =
            "\"conversations\": [{\"from\": \"human\", \"value\": \"Q\"}, {\"from\": \"gpt\", \"value\": \"A\"}]";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"image\": \"a.png\",|a.png",
                "\"image\": [\"a.png\", \"b.png\"],|a.png,b.png",
                "\"image\": null,|''",
                "''|''"
            })
    void takesPicturesAsTextListOrNone(String image, String pictures) throws IOException {
        var sample = read("[{\"id\": \"x\", %s %s}]".formatted(image, TURNS)).get(0);

        assertThat(String.join(",", sample.images())).isEqualTo(pictures);
        assertThat(sample.conversations()).containsExactly(new Turn(Turn.HUMAN, "Q"), new Turn(Turn.GPT, "A"));
        assertThat(sample.system()).isEmpty();
    }

    @Test
    void takesWhatEeg2LlmWrites() throws IOException {
        var sample = read("""
                [{"instruction": "Which stage?", "input": "EEG Fpz-Cz>1.00,2.00", "output": "2", "system": "You stage."}]
                """).get(0);

        assertThat(sample.id()).isEqualTo("0");
        assertThat(sample.images()).isEmpty();
        assertThat(sample.system()).contains("You stage.");
        assertThat(sample.conversations())
                .containsExactly(new Turn(Turn.HUMAN, "Which stage?\nEEG Fpz-Cz>1.00,2.00"), new Turn(Turn.GPT, "2"));
    }

    @Test
    void takesOneSampleALine() throws IOException {
        var samples = read("""
                {"instruction": "a", "output": "1"}
                {"instruction": "b", "input": "", "output": "2", "history": [["p", "q"]]}
                """);

        assertThat(samples).extracting(InstructionSample::id).containsExactly("0", "1");
        assertThat(samples.get(1).conversations()).extracting(Turn::value).containsExactly("p", "q", "b", "2");
    }

    @Test
    void takesShareGptWithItsSystemTurn() throws IOException {
        var sample = read("""
                [{"conversations": [{"from": "system", "value": "S"},
                  {"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]}]
                """).get(0);

        assertThat(sample.system()).contains("S");
        assertThat(sample.conversations()).extracting(Turn::from).containsExactly("human", "gpt");
    }

    @Test
    void readsTheRowOfASample() throws IOException {
        assertThat(read("[{\"id\": 7, \"feature_index\": 3, %s}]".formatted(TURNS))
                        .get(0))
                .extracting(InstructionSample::id, InstructionSample::featureIndex)
                .containsExactly("7", Optional.of(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"id\": \"x\"}]|sample x",
                "{\"instruction\": \"a\"}|sample 0",
                "[null]|sample 0",
                "[{\"instruction\": \"a\", \"output\": \"b\", \"history\": [[\"c\"]]}]|its history"
            })
    void refusesWhatIsNoSample(String text, String words) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll("data.json", words);
    }

    private List<InstructionSample> read(String text) throws IOException {
        return InstructionSample.readAll(Files.writeString(folder.resolve("data.json"), text));
    }
}
