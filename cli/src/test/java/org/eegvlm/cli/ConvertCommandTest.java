package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class ConvertCommandTest {

    @TempDir
    private static Path shared;

    private static Path base;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeBase() throws IOException {
        base = shared.resolve("base");
        var decoder = new NanoConfig.Decoder(32, 2, 2, 48, 256);
        NanoLlava.create(new NanoConfig(base, 5, decoder, new NanoConfig.Tower(32, 2, 4, 32, 28, 14), false));
    }

    @Test
    void convertsToTheLayoutOfTransformers() {
        var run = convert("--model-path", base, "--output", folder.resolve("hf"), "--layout", "hf", "--dtype", "bf16");

        assertThat(run.err()).doesNotContain("eegvlm:");
        assertThat(run.exitCode()).isEqualTo(ExitCode.GOOD);
        assertThat(run.out()).contains("GB of weights in " + folder.resolve("hf"));
        assertThat(folder.resolve("hf/processor_config.json")).exists();
        assertThat(folder.resolve("hf.partial")).doesNotExist();
    }

    @Test
    void tellsInOneLineWhatIsWrong() throws IOException {
        var output = folder.resolve("out");
        var existing = Files.createDirectories(folder.resolve("existing"));

        assertRefused(convert("--model-path", folder.resolve("none"), "--output", output), "none");
        assertRefused(convert("--model-path", existing, "--output", output), "config.json");
        assertRefused(convert("--model-path", base, "--output", output, "--layout", "mlx"), "--layout");
        assertRefused(convert("--model-path", base, "--output", output, "--dtype", "int8"), "unknown dtype 'int8'");
        assertRefused(convert("--model-path", base, "--output", existing), "--overwrite");
        assertRefused(convert("--model-path", base, "--output", output, "--shard-size", "big"), "'big' is no size");
        assertRefused(CommandRun.of("merge", "--model-path", base, "--output", output), "there is nothing to merge");
        assertThat(output).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"5GB,5000000000", "500 mb,500000000", "2kB,2000", "123,123", "7B,7"})
    void readsSizesAsPeopleWriteThem(String text, long bytes) {
        assertThat(new ByteCount().convert(text)).isEqualTo(bytes);
    }

    @Test
    void refusesSizesBeyondAllDisks() {
        assertThatThrownBy(() -> new ByteCount().convert("999999999999999GB"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("more than any disk holds");
    }

    private static CommandRun convert(Object... arguments) {
        var words = new Object[arguments.length + 1];
        words[0] = "convert";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return CommandRun.of(words);
    }

    private static void assertRefused(CommandRun run, String told) {
        assertThat(run.err().strip()).startsWith("eegvlm: ").contains(told).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
