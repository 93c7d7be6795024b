package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SHELL_BLOCK = Pattern.compile("```(?:bash|sh)\n(.*?)```", Pattern.DOTALL);

    @Test
    void namesExactlyTwoCommandsToStartWith() throws IOException {
        assertThat(commands()).containsExactly("./eegvlm demo", "mvn verify");
    }

    @Test
    @Tag("recipe")
    @Timeout(value = 45, unit = TimeUnit.MINUTES)
    @EnabledIfSystemProperty(
            named = "eegvlm.readme",
            matches = "true",
            disabledReason = "takes half an hour; run with -Deegvlm.readme=true")
    void itsCommandsRunInACleanClone(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(exitCode(folder, "git clone --quiet '" + ROOT + "' clone")).isZero();
        for (var command : commands()) {
            assertThat(exitCode(folder.resolve("clone"), command)).as(command).isZero();
        }
    }

    /** The lines of the first shell block, without their comments. */
    private static List<String> commands() throws IOException {
        var block = SHELL_BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(block.find()).isTrue();
        return block.group(1)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static int exitCode(Path folder, String command) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .inheritIO()
                .start()
                .waitFor();
    }
}
