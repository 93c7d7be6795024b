package org.eegvlm.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.score.Answer;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llava.TowerCache;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base that was never taught answers nonsense; that it is asked properly can be seen all the same. */
class VqaEvaluatorTest {

    private static final int WIDTH = 64;
    private static final int QUESTIONS = 5;

    @TempDir
    private static Path shared;

    private static Path base;

    @TempDir
    private Path folder;

    private Path questions;
    private Path answers;

    @BeforeAll
    static void makeBase() throws IOException {
        base = shared.resolve("nano");
        NanoLlava.create(new NanoConfig(
                base,
                1,
                new NanoConfig.Decoder(32, 2, 2, 64, 512),
                new NanoConfig.Tower(WIDTH, 2, 4, 64, 28, 14),
                false));
    }

    @BeforeEach
    void ask() throws IOException {
        questions = folder.resolve("eeg_eval.jsonl");
        answers = folder.resolve("answers/eeg_answers.jsonl");
        var lines = new ArrayList<Question>();
        var ids = new ArrayList<String>();
        for (int i = 0; i < QUESTIONS; i++) {
            var image = "n-%d.png".formatted(i);
            ImageIO.write(
                    new BufferedImage(30 + i, 30, BufferedImage.TYPE_INT_RGB),
                    "png",
                    folder.resolve(image).toFile());
            ids.add("n-" + i);
            lines.add(new Question(
                    "n-" + i,
                    List.of(image, image),
                    "Why?",
                    Optional.of(SleepStage.N2),
                    "s9",
                    "n",
                    i,
                    Optional.of(30.0),
                    true));
        }
        Json.writeLines(questions, lines);
        features(ids, "encoder");
    }

    @Test
    void answersEveryQuestionInOrderWithProbabilitiesThatAddUpToOne() throws IOException {
        run(config(2, false));

        var given = Answer.readAll(answers);
        assertThat(given).extracting(Answer::questionId).containsExactly("n-0", "n-1", "n-2", "n-3", "n-4");
        assertThat(given)
                .allSatisfy(answer -> assertThat(answer.metadata().probabilities().orElseThrow().values().stream()
                                .mapToDouble(p -> p)
                                .sum())
                        .isCloseTo(1, within(1e-9)));
    }

    @Test
    void goesOnAfterAnInterruptionAndEndsInTheSameBytes() throws IOException {
        run(config(2, false));
        var whole = Files.readString(answers);
        Files.delete(answers);
        var partial = answers.resolveSibling("eeg_answers.jsonl.partial");
        Files.writeString(partial, whole.substring(0, whole.indexOf("n-3") + 2));

        run(config(2, false));

        assertThat(answers).hasContent(whole);
        assertThat(partial).doesNotExist();
    }

    @Test
    void throwsAwayWhatARunWithOtherSettingsHasLeft() throws IOException {
        run(config(2, false));
        var others = Files.readString(answers).replace("Why?", "said by another run");
        Files.delete(answers);
        Files.writeString(answers.resolveSibling("eeg_answers.jsonl.partial"), others);
        features(List.of("n-4", "n-3", "n-2", "n-1", "n-0"), "encoder");

        run(config(2, false));

        assertThat(answers).content().doesNotContain("said by another run");
    }

    @Test
    void refusesToReplaceFinishedAnswers() throws IOException {
        run(config(2, false));

        assertThatThrownBy(() -> run(config(2, false))).isInstanceOf(OutputExistsException.class);
    }

    @Test
    void refusesFeaturesOfOtherSamples() throws IOException {
        features(List.of("n-0", "n-1", "n-2", "n-3", "other"), "encoder");

        assertThatThrownBy(() -> run(config(2, false)))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("n-4");
        assertThat(answers).doesNotExist();
    }

    @Test
    void refusesAPictureOutsideTheImageFolder() throws IOException {
        Json.writeLines(
                questions,
                List.of(new Question(
                        "n-0",
                        List.of("../../x.png", "../../x.png"),
                        "Why?",
                        Optional.empty(),
                        "s9",
                        "n",
                        0,
                        Optional.of(30.0),
                        true)));
        features(List.of("n-0"), "encoder");

        assertThatThrownBy(() -> run(config(2, false))).hasMessageContaining("../../x.png");
    }

    @Test
    void answersAlikeFromRememberedPictures() throws IOException {
        var cache = Optional.of(new TowerCache(folder.resolve("cache"), 1 << 20));
        new VqaEvaluator(config(2, false), cache, Progress.SILENT).run();
        var fresh = Files.readString(answers);

        new VqaEvaluator(config(2, true), cache, Progress.SILENT).run();

        assertThat(folder.resolve("cache")).isNotEmptyDirectory();
        assertThat(Files.readString(answers)).isEqualTo(fresh);
    }

    private void run(VqaConfig config) throws IOException {
        new VqaEvaluator(config, Progress.SILENT).run();
    }

    private VqaConfig config(int batch, boolean overwrite) {
        return new VqaConfig(
                new VqaConfig.Model(base, Optional.empty(), LoadOptions.on("cpu"), Optional.empty()),
                new VqaConfig.Data(questions, folder, Optional.empty(), Optional.of("fuse"), 1),
                answers,
                batch,
                GenerationOptions.greedy(4),
                overwrite);
    }

    private void features(List<String> ids, String encoder) throws IOException {
        var npy = folder.resolve("eval_high_level_features.npy");
        var values = new float[ids.size() * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        NpyFile.write(npy, new long[] {ids.size(), 1, WIDTH}, values);
        var identity = new FeatureSidecar.Standardization(new float[WIDTH], new float[WIDTH]);
        Json.write(FeatureSidecar.beside(npy), new FeatureSidecar(ids, encoder, "spec", List.of("s1"), identity));
    }
}
