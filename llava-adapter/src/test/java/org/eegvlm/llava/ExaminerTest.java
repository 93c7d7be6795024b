package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.score.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminerTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void writePictures() throws IOException {
        var picture = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(picture, "png", folder.resolve("whole.png").toFile());
        Files.writeString(folder.resolve("damaged.png"), "no picture");
    }

    @Test
    void looksAtNoPictureWhosePlaceARowTakes() throws IOException {
        assertThat(ask("whole.png", "damaged.png"))
                .extracting(Answer::questionId)
                .containsExactly("q");
    }

    @Test
    void tellsADamagedPicture() {
        assertThatThrownBy(() -> ask("damaged.png", "whole.png"))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("damaged.png");
    }

    @Test
    void tellsAPictureThatIsNotThereThoughARowTakesItsPlace() {
        assertThatThrownBy(() -> ask("whole.png", "missing.png"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing.png");
    }

    private List<Answer> ask(String... images) throws IOException {
        var rows = FeatureRows.of(List.of("q"), new float[][] {TinyLlava.row(1)});
        try (var model = TinyLlava.open(TinyLlava.in(folder.resolve("base")));
                var examiner = new Examiner(model, TinyLlava.FUSE, Optional.of(rows), folder, "tiny")) {
            return examiner.ask(List.of(question(List.of(images))));
        }
    }

    private static Question question(List<String> images) {
        return new Question("q", images, TinyLlava.QUESTION, Optional.empty(), "", "", 0, Optional.empty(), true);
    }
}
