package org.eegvlm.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.LossPoint;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NightReportTest {

    @TempDir
    Path folder;

    @Test
    void showsScoresAndNightsOfScoredAnswers() throws IOException {
        var answers = InventedAnswers.night("A", 60, true, true);
        drawPictures(answers);

        var page = page(answers);

        assertThat(page)
                .contains("Cohen’s κ", "Accuracy", "Macro-F1", "Unreadable")
                .contains("Night A1", "Scorer against model", "Subject by subject", "Three epochs")
                .contains("For research, not for diagnosis.");
    }

    @Test
    void showsNoScoresOfANightThatNobodyScored() throws IOException {
        var page = page(InventedAnswers.night("A", 60, false, false));

        assertThat(page)
                .contains("Night A1", "nobody scored this night")
                .doesNotContain("Cohen’s κ", "Scorer against model", "Subject by subject");
    }

    @Test
    void tellsTheTimeByTheEpochsOfTheAnswers() throws IOException {
        var answers = InventedAnswers.night("A", 90, true, false).stream()
                .map(answer -> InventedAnswers.withEpochSeconds(answer, 20))
                .toList();

        assertThat(page(answers)).contains(">0:30 h<").doesNotContain(">0:45 h<");
    }

    @Test
    void isTheSameInALocaleWithDigitsOfItsOwn() throws IOException {
        var answers = InventedAnswers.night("A", 60, true, true);
        drawPictures(answers);
        var usual = page(answers);
        var locale = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertThat(page(answers)).isEqualTo(usual);
        } finally {
            Locale.setDefault(locale);
        }
    }

    @Test
    void saysWhoseNightsTheyAre() throws IOException {
        var recorded = InventedAnswers.night("A", 10, true, false);
        var simulated = InventedAnswers.night("B", 10, true, true);

        assertThat(page(recorded)).contains(">recorded nights<");
        assertThat(page(simulated)).contains(">simulated nights<");
        assertThat(page(Stream.concat(recorded.stream(), simulated.stream()).toList()))
                .contains(">simulated and recorded nights, mixed<");
    }

    @Test
    void refersToNothingOutside() throws IOException {
        assertThat(page(InventedAnswers.night("A", 60, true, true)))
                .doesNotContainPattern("(src|href)=\"(?!data:)")
                .doesNotContain("url(", "@import", "<script");
    }

    @Test
    void escapesWhatAModelSays() throws IOException {
        var answer = InventedAnswers.answer(
                "<b>A</b>",
                0,
                "The stage is N2. <script>alert('x')</script> & \"more\"",
                Optional.of(SleepStage.N2),
                true,
                Map.of("N2", 1.0));
        drawPicture("pictures", "<b>A<", "b>1-0000.png");

        var page = page(List.of(answer));

        assertThat(page).doesNotContain("<script", "<b>A");
        assertThat(page).contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;");
    }

    @Test
    void holdsThePicturesTheModelSaw() throws IOException {
        var answers = InventedAnswers.night("A", 60, true, true);
        drawPictures(answers);

        assertThat(page(answers).split("data:image/png;base64,", -1)).hasSize(4);
    }

    @Test
    void neverShowsAPictureFromOutsideTheFolder() throws IOException {
        drawPicture("secret.png");

        assertThat(new Pictures(folder.resolve("pictures")).find("../secret.png"))
                .isEmpty();
    }

    @Test
    void drawsTheLossCurve() throws IOException {
        var answers = write(InventedAnswers.night("A", 10, true, true));
        var loss = folder.resolve("loss.jsonl");
        Json.writeLines(
                loss,
                IntStream.rangeClosed(1, 40)
                        .mapToObj(step -> new LossPoint(step, 3.0 / step, 1e-4))
                        .toList());

        new NightReport(config(answers).withLoss(loss)).run();

        assertThat(folder.resolve("report.html")).content().contains("Loss over 40 steps, from 3.00 to ");
    }

    @Test
    void givesTheSameBytesForTheSameAnswers() throws IOException {
        var answers = InventedAnswers.night("A", 60, true, true);

        assertThat(page(answers)).isEqualTo(page(answers));
    }

    @Test
    void doesNotReplaceAFinishedPage() throws IOException {
        var config = config(write(InventedAnswers.night("A", 10, true, true)));
        new NightReport(config).run();

        assertThatThrownBy(() -> new NightReport(config).run()).isInstanceOf(OutputExistsException.class);
    }

    @Test
    void refusesAFileWithoutAnswers() throws IOException {
        var answers = write(List.of());

        assertThatThrownBy(() -> new NightReport(config(answers)).run())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageEndingWith("holds no answer");
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    private String page(List<Answer> answers) throws IOException {
        var page = new NightReport(config(write(answers)).withOverwrite(true)).run();
        return Files.readString(page);
    }

    private NightReportConfig config(Path answers) {
        return NightReportConfig.of("A night", answers, folder.resolve("pictures"), folder.resolve("report.html"));
    }

    private Path write(List<Answer> answers) throws IOException {
        var file = folder.resolve("answers.jsonl");
        Json.writeLines(file, answers);
        return file;
    }

    private void drawPictures(List<Answer> answers) throws IOException {
        for (var answer : answers) {
            drawPicture("pictures", answer.metadata().image().orElseThrow());
        }
    }

    private void drawPicture(String... name) throws IOException {
        var file = folder.resolve(Path.of("", name));
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }
}
