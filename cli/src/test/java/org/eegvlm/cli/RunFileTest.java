package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RunFileTest {

    @TempDir
    Path folder;

    private final CommandLine command = new CommandLine(new FineTuneCommand());

    @Test
    void takesValuesAsTheyAreWritten() throws IOException {
        var file = write("""
                # a run
                learning_rate: 3e-4
                save-strategy: no
                bf16: True
                mm_vision_select_layer: -2
                lora_target_modules: [q_proj, v_proj]
                run_name:
                """);

        assertThat(expanded("--config", file))
                .containsExactly(
                        "--learning-rate",
                        "3e-4",
                        "--save-strategy",
                        "no",
                        "--bf16",
                        "True",
                        "--mm-vision-select-layer",
                        "-2",
                        "--lora-target-modules",
                        "q_proj",
                        "v_proj",
                        "--config",
                        file);
    }

    @Test
    void letsFlagsOnTheLineWin() throws IOException {
        var file = write("seed: 1\nlora_r: 4\neval_strategy: epoch\n");

        assertThat(expanded("--seed=9", "--config=" + file, "--evaluation-strategy", "no"))
                .containsExactly("--lora-r", "4", "--seed=9", "--config=" + file, "--evaluation-strategy", "no");
    }

    @ParameterizedTest
    @CsvSource({
        "'lora_rr: 4', 'line 1', '''lora_rr'' is no flag of finetune'",
        "'config: a.yaml', 'line 1', '''config'' is no flag'",
        "'- lora_r', 'is no list of', ':'",
        "'seed: 1\nseed: 2', 'seed', 'line 2'",
        "'lora_r: 1\nlora-r: 2', 'line 2', 'stands twice'",
        "'seed: {a: b}', 'line 1', 'a flag has a value'",
        "'seed: \"1', 'line', 'end of stream'",
        "'a: &a [1]\nb: *a', 'line 1', '''a'' is no flag'"
    })
    void refusesWithTheLine(String text, String first, String second) throws IOException {
        var file = write(text);

        assertThatThrownBy(() -> expanded("--config", file))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll("run.yaml", first, second);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(
                        () -> expanded("--config", folder.resolve("none.yaml").toString()))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void tellsAnUnknownFlagInOneLine() throws IOException {
        var run = CommandRun.of("finetune", "--config", write("lora_rr: 4"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).hasLineCount(1).contains("run.yaml", "line 1", "lora_rr");
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), text).toString();
    }

    private String[] expanded(String... arguments) throws IOException {
        return RunFile.expanded(command, arguments);
    }
}
