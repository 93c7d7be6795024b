package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskCommandTest {
    private static final int WIDTH = 32;

    @TempDir
    static Path folder;

    private static Path base;
    private static Path picture;
    private static Path rows;

    @BeforeAll
    static void makeModel() throws IOException {
        base = folder.resolve("base");
        var decoder = new NanoConfig.Decoder(32, 2, 2, 48, 256);
        NanoLlava.create(new NanoConfig(base, 5, decoder, new NanoConfig.Tower(WIDTH, 2, 4, 32, 28, 14), false));
        picture = folder.resolve("epoch.png");
        ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        rows = folder.resolve("rows.npy");
        NpyFile.write(rows, new long[] {2, 1, WIDTH}, new float[2 * WIDTH]);
    }

    @Test
    void answersAQuestionAboutAPicture() {
        var run = ask("--image", picture, "--question", "What is this?", "--max-new-tokens", 5);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).hasLineCount(1).endsWith("\n");
        assertThat(run.err()).containsPattern("\\[5 tokens, the first after .* s, then .* a second; cut at");
    }

    @Test
    void saysWhatToDoAboutOneTagWhereARowTakesASecondPicturesPlace() {
        var run = ask("--image", picture, "--features", rows, "--row", 0, "--question", "<image>\nWhat is this?");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the question names one <image>", "leave the tags out or write two");
    }

    @Test
    void goesOnWithTheTextItself() {
        var run = ask("--conv-mode", "raw", "--question", "The stage is", "--max-new-tokens", 2);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("[2 tokens");
    }

    @Test
    void answersWithoutAPicture() {
        var run = ask("--question", "Why?", "--max_new_tokens", 3, "--num_beams", 2);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("[3 tokens");
    }

    @Test
    void drawsTheSameFromTheSameSeed() {
        Object[] flags = {"--question", "Why?", "--max-new-tokens", 12, "--temperature", 1, "--seed", 3};

        assertThat(ask(flags).out()).isEqualTo(ask(flags).out());
    }

    @Test
    void usesOneRowOfTheFeatures() {
        var run = ask("--image", picture, "--features", rows, "--row", 1, "--question", "?", "--max-new-tokens", 2);

        assertThat(run.exitCode()).isZero();
    }

    @Test
    void takesEveryLineOfTheInputForAQuestion() {
        var input = System.in;
        System.setIn(new ByteArrayInputStream("Why?\n\nWhen?\n".getBytes(StandardCharsets.UTF_8)));
        try {
            var run = ask("--max-new-tokens", 2);

            assertThat(run.exitCode()).isZero();
            assertThat(run.err().lines().filter(line -> line.contains("[2 tokens")))
                    .hasSize(2);
        } finally {
            System.setIn(input);
        }
    }

    @Test
    void tellsWhatChangesNothing() {
        var run = ask("--question", "Why?", "--top_p", 0.9, "--max-new-tokens", 1);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("change nothing at temperature 0");
    }

    @Test
    void refusesARowThatIsNotThere() {
        assertRefused(ask("--image", picture, "--features", rows, "--row", 2, "--question", "?"), "no row 2");
    }

    @Test
    void refusesSeveralRowsWithoutAChoice() {
        assertRefused(ask("--image", picture, "--features", rows, "--question", "?"), "has 2 rows: say which");
    }

    @Test
    void refusesARowWithoutFeatures() {
        assertRefused(ask("--image", picture, "--row", 1, "--question", "?"), "--row and --sample name a row");
    }

    @Test
    void refusesBeamsWithATemperature() {
        assertRefused(
                ask("--question", "?", "--num-beams", 2, "--temperature", 0.5), "2 beams leave nothing to chance");
    }

    @Test
    void tellsAPictureThatIsNone() throws IOException {
        var text = Files.writeString(folder.resolve("text.png"), "no picture");

        var run = ask("--image", text, "--question", "?");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err().lines()).singleElement().asString().contains("text.png", "neither PNG");
    }

    @Test
    void refusesAQuestionThatIsTooLong() {
        assertRefused(ask("--question", "why ".repeat(300)), "a prompt of", "exceed the model's 256 positions");
    }

    private static void assertRefused(CommandRun run, String... told) {
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("eegvlm: ")
                .contains(told);
    }

    private static CommandRun ask(Object... flags) {
        return CommandRun.of(Stream.concat(Stream.of("ask", "--model-path", base), Stream.of(flags))
                .toArray());
    }
}
