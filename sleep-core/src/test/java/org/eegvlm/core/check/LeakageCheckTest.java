package org.eegvlm.core.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.check.CheckReport.State;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.OutOfFold;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakageCheckTest {

    @TempDir
    Path folder;

    @BeforeEach
    void renderThreeSubjects() throws IOException {
        Files.createDirectories(folder.resolve("eeg_images_ft"));
        Files.createDirectories(folder.resolve("eeg_images_eval"));
        write(epoch("a", Split.TRAIN, "a"), epoch("b", Split.VALIDATION, "b"), epoch("c", Split.EVAL, "c"));
    }

    @Test
    void passesACleanFolder() throws IOException {
        samples("a", "b");
        questions("c");
        sidecar("train_high_level_features", List.of("a-0", "b-0"), "a", "b");
        sidecar("eval_high_level_features", List.of("c-0"), "a", "b");

        var report = check();

        assertThat(report.problems()).isEmpty();
        assertThat(report.checks())
                .extracting(CheckReport.Check::what)
                .containsExactly(
                        "subjects",
                        "recordings",
                        "pictures",
                        "eeg_ft.json",
                        "eeg_eval.jsonl",
                        "train_high_level_features.json",
                        "eval_high_level_features.json");
    }

    @Test
    void findsSubjectsPicturesAndRecordingsInTwoSplitsAtOnce() throws IOException {
        write(epoch("a", Split.TRAIN, "a"), epoch("a-1", "a", Split.EVAL, "a"));

        assertThat(check().problems())
                .containsExactly(
                        "subject a is in two splits, TRAIN and EVAL; split by subject",
                        "nights a1 (TRAIN) and a1 (EVAL) are the same recording raw/a.edf; remove one of them",
                        "epochs a-0 (TRAIN) and a-1 (EVAL) have the same picture; remove one of them");
    }

    @Test
    void judgesPicturesThatWereNotWrittenByTheirHashes() throws IOException {
        Output.deleteTree(folder.resolve("eeg_images_ft"));
        Output.deleteTree(folder.resolve("eeg_images_eval"));

        assertThat(check().checks())
                .filteredOn(done -> done.what().equals("pictures"))
                .containsExactly(CheckReport.Check.of("pictures", "3, by the manifest's hashes alone", List.of()));
    }

    @Test
    void findsThatPicturesToLearnFromOrToAskAboutWereNotWritten() throws IOException {
        Output.deleteTree(folder.resolve("eeg_images_ft"));
        Output.deleteTree(folder.resolve("eeg_images_eval"));
        var problem = "the pictures that eeg_ft.json and eeg_eval.jsonl name are not there; render again";

        var sample = Files.writeString(
                folder.resolve("eeg_ft.json"), "{\"id\":\"a-0\",\"image\":\"a-0.png\",\"conversations\":[]}\n");
        assertThat(check().problems()).containsExactly(problem);

        Files.delete(sample);
        Files.writeString(
                folder.resolve("eeg_eval.jsonl"), "{\"question_id\":\"c-0\",\"image\":\"c-0.png\",\"text\":\"?\"}\n");
        assertThat(check().problems()).containsExactly(problem);
        assertThat(check(everything().withPictures(false)).problems()).isEmpty();
    }

    @Test
    void findsPicturesThatAreOthersThanTheManifestSays() throws IOException {
        Files.writeString(folder.resolve("eeg_images_eval/c-0.png"), "another");
        Files.delete(folder.resolve("eeg_images_ft/b-0.png"));

        assertThat(check().problems())
                .containsExactly(
                        "the picture eeg_images_ft/b-0.png is not there; render again",
                        "eeg_images_eval/c-0.png is not the picture that the manifest names for c-0; render again");
    }

    @Test
    void findsSamplesOfEvaluationSubjects() throws IOException {
        samples("a", "c");

        assertThat(check().problems())
                .containsExactly(
                        "sample c-0 is to be learnt, but is an evaluation epoch; build the data again",
                        "the samples are of evaluation subjects [c]");
    }

    @Test
    void findsQuestionsAboutThoseWhoAreLearntFrom() throws IOException {
        questions("b");

        assertThat(check().problems())
                .containsExactly("question b-0 is about b, who is for training; build the data again");
    }

    @Test
    void findsQuestionsAboutEpochsToLearnFromUnderAnotherName() throws IOException {
        question("b-0", ",\"subject\":\"somebody\"");
        assertThat(check().problems())
                .containsExactly("question b-0 is about an epoch of the split VALIDATION; build the data again");

        question("a-0", "");
        assertThat(check().problems())
                .containsExactly("question a-0 is about an epoch of the split TRAIN; build the data again");
    }

    @Test
    void knowsTheEpochOfAQuestionThatNamesNoSubject() throws IOException {
        question("c-0", "");
        assertThat(check().problems()).isEmpty();

        question("x-0", "");
        assertThat(check().problems())
                .containsExactly(
                        "question x-0 is of no epoch in the manifest, and names no subject; build the data again");
    }

    @Test
    void findsRowsThatAreCalledOutOfFoldAndAreNot() throws IOException {
        var folds = new OutOfFold(
                List.of(new OutOfFold.Encoder("first", List.of("a")), new OutOfFold.Encoder("second", List.of("b"))),
                List.of(0, 0));
        Json.write(
                folder.resolve("train_high_level_features.json"),
                new FeatureSidecar(
                        List.of("a-0", "b-0"),
                        "e",
                        "spec",
                        List.of("a", "b"),
                        Optional.of(folds),
                        new FeatureSidecar.Standardization(new float[0], new float[0])));

        assertThat(check().problems())
                .containsExactly(
                        "the features of a-0 are called out of fold, but encoder first has learnt from subject a");
    }

    @Test
    void findsRowsOfOtherSplitsAndAnEncoderThatHasSeenThem() throws IOException {
        sidecar("train_high_level_features", List.of("a-0", "c-0", "x-0"), "a", "c");

        assertThat(check().problems())
                .containsExactly(
                        "row c-0 is of the split EVAL; export again",
                        "row x-0 is of no epoch in the manifest; export again",
                        "their vision module has seen evaluation subjects [c]");
    }

    @Test
    void findsModelsThatHaveSeenEvaluationSubjects() throws IOException {
        var vision = Files.createDirectories(folder.resolve("vision"));
        Files.writeString(
                vision.resolve("config.json"), "{\"trained_on_subjects\":[\"a\"],\"validation_subjects\":[\"c\"]}");

        var report = check(everything().withVision(Optional.of(vision)));

        assertThat(report.problems()).containsExactly("it has seen evaluation subjects [c]");
    }

    @Test
    void doesNotCallAModelGoodThatSaysNothing() throws IOException {
        var model = Files.createDirectories(folder.resolve("model"));

        var report = check(everything().withModel(Optional.of(model)));

        assertThat(report.checks())
                .extracting(CheckReport.Check::state)
                .containsExactly(State.GOOD, State.GOOD, State.GOOD, State.UNKNOWN);
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        var typo = Optional.of(folder.resolve("typo"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(everything().withModel(typo)))
                .withMessageStartingWith("there is no model folder");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(everything().withVision(typo)))
                .withMessageStartingWith("there is no vision module folder");
    }

    @Test
    void namesSomeOfMany() throws IOException {
        sidecar("train_high_level_features", List.of("1", "2", "3", "4", "5", "6", "7"));

        assertThat(check().problems()).hasSize(6).endsWith("and 2 more like these");
    }

    @Test
    void refusesATrainingOnEvaluationEpochs() throws IOException {
        samples("a", "c");
        assertThatExceptionOfType(LeakageException.class)
                .isThrownBy(() -> LeakageCheck.beforeTraining(folder.resolve("eeg_ft.json")))
                .withMessageContaining("sample c-0 is to be learnt");
    }

    @Test
    void hasNothingToSayOfSamplesWithoutAManifest() {
        assertThatCode(() -> LeakageCheck.beforeTraining(folder.resolve("elsewhere/llava.json")))
                .doesNotThrowAnyException();
    }

    private CheckReport check() throws IOException {
        return check(everything());
    }

    private static CheckReport check(CheckConfig config) throws IOException {
        return new LeakageCheck(config, Progress.SILENT).run();
    }

    private CheckConfig everything() {
        return CheckConfig.of(folder.resolve("epochs.jsonl"));
    }

    private void write(EpochRecord... epochs) throws IOException {
        for (var epoch : epochs) {
            Files.writeString(folder.resolve(epoch.image()), epoch.subject());
        }
        Json.writeLines(folder.resolve("epochs.jsonl"), List.of(epochs));
    }

    private static EpochRecord epoch(String subject, Split split, String picture) {
        return epoch(subject + "-0", subject, split, picture);
    }

    private static EpochRecord epoch(String id, String subject, Split split, String picture) {
        return new EpochRecord(
                id,
                subject,
                subject + "1",
                0,
                0,
                30,
                Optional.of(SleepStage.N2),
                split,
                split.pictureFolder() + "/" + id + ".png",
                Sha256.of(picture.getBytes(StandardCharsets.UTF_8)),
                "spec",
                "raw/" + subject + ".edf",
                Optional.empty(),
                List.of("EEG Fpz-Cz"),
                true);
    }

    private void samples(String... subjects) throws IOException {
        var text = new StringBuilder();
        for (var subject : subjects) {
            text.append("{\"id\":\"%s-0\",\"conversations\":[],\"subject\":\"%s\"}%n".formatted(subject, subject));
        }
        Files.writeString(folder.resolve("eeg_ft.json"), text);
    }

    private void questions(String subject) throws IOException {
        question(subject + "-0", ",\"subject\":\"%s\"".formatted(subject));
    }

    private void question(String id, String more) throws IOException {
        Files.writeString(
                folder.resolve("eeg_eval.jsonl"),
                "{\"question_id\":\"%s\",\"image\":[],\"text\":\"?\",\"night\":\"1\",\"epoch\":0%s}"
                        .formatted(id, more));
    }

    private void sidecar(String name, List<String> ids, String... seen) throws IOException {
        Files.writeString(
                folder.resolve(name + ".json"),
                "{\"ids\":%s,\"encoder\":\"e\",\"render_spec\":\"spec\",\"trained_on_subjects\":%s,\"standardization\":{\"mean\":[],\"scale\":[]}}"
                        .formatted(Json.line(ids), Json.line(List.of(seen))));
    }
}
