package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class EegVlmTest {
    private static final String ANSWER = """
            {"question_id":"a-0001","prompt":"","text":"The stage is N2.","label":"N2","answer_id":"x","model_id":"m",\
            "metadata":{"subject":"a","night":"a1","epoch":1,"simulated":true}}
            """;

    @TempDir
    Path folder;

    @Test
    void printsHelpWithoutACommand() {
        var run = CommandRun.of();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: eegvlm", "simulate", "score", "For research, not for diagnosis");
    }

    @Test
    void printsItsVersion() {
        assertThat(CommandRun.of("--version").out()).matches("eegvlm \\d+\\.\\d+.* on Java \\d+.*\\s+");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandsHelpEndsInTwoExamples(String command) {
        var help = CommandRun.of(command, "--help").out();

        assertThat(help.substring(help.indexOf("Examples:"))
                        .lines()
                        .skip(1)
                        .filter(line -> line.startsWith("  eegvlm " + command)))
                .hasSize(2);
    }

    @Test
    void refusesAnUnknownFlagInOneLine() {
        var run = CommandRun.of("score", "--no-such-flag");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().lines()).singleElement().asString().contains("--no-such-flag", "eegvlm score --help");
    }

    @Test
    void takesBothSpellingsOfAFlag() throws IOException {
        var answers = Files.writeString(folder.resolve("answers.jsonl"), ANSWER);

        var run = CommandRun.of("score", "--answers_file", answers);

        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("metrics.json")).exists();
    }

    @Test
    void tellsAMissingFileInOneLine() {
        var run = CommandRun.of("score", "--answers-file", folder.resolve("nothing.jsonl"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("eegvlm: ")
                .contains("nothing.jsonl", "no such file");
    }

    @Test
    void tellsABrokenLineWithItsPlace() throws IOException {
        var answers = Files.writeString(folder.resolve("answers.jsonl"), ANSWER + "{\"question_id\":");

        var run = CommandRun.of("score", "--answers-file", answers);

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err().lines()).singleElement().asString().contains("answers.jsonl", "line 2");
        assertThat(folder.resolve("metrics.json")).doesNotExist();
    }

    @Test
    void keepsAnExistingOutput() throws IOException {
        var answers = Files.writeString(folder.resolve("answers.jsonl"), ANSWER);
        var metrics = Files.writeString(folder.resolve("metrics.json"), "mine");

        var run = CommandRun.of("score", "--answers-file", answers);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--overwrite");
        assertThat(metrics).hasContent("mine");
    }

    @Test
    void showsTheTraceOnRequest() {
        var run = CommandRun.of("score", "--stacktrace", "--answers-file", folder.resolve("nothing.jsonl"));

        assertThat(run.err()).contains("NoSuchFileException", "\tat ");
    }

    static Iterable<String> commands() {
        return new CommandLine(new EegVlm()).getSubcommands().keySet();
    }
}
