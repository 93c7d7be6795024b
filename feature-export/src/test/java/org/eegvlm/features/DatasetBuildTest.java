package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.Balance;
import org.eegvlm.core.manifest.BalanceStrategy;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.WeightMethod;
import org.eegvlm.core.signal.Findings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetBuildTest {

    @TempDir
    static Path shared;

    @TempDir
    Path output;

    static Cohort cohort;

    @BeforeAll
    static void simulate() throws IOException {
        cohort = Cohort.simulatedIn(shared);
    }

    @Test
    void teachesScoredTrainAndValidationEpochsAndAsksAboutTheOthers() throws IOException {
        var report = build();

        var taught = scored(cohort.manifest().split(Split.TRAIN, Split.VALIDATION));
        var asked = cohort.manifest().split(Split.EVAL);
        assertThat(report.samples()).isEqualTo(taught.size());
        assertThat(report.questions()).isEqualTo(asked.size());
        assertThat(report.after()).isEqualTo(report.before());
        assertThat(samples()).extracting(InstructionSample::id).containsExactlyElementsOf(ids(taught));
        assertThat(questions()).extracting(Question::id).containsExactlyElementsOf(ids(asked));
    }

    @Test
    void namesThePictureTwiceWithATagForEach() throws IOException {
        build();

        var sample = samples().get(0);
        assertThat(sample.images()).containsExactly(sample.id() + ".png", sample.id() + ".png");
        assertThat(sample.conversations().get(0))
                .isEqualTo(new Turn("human", "<image>\n<image>\n" + PlaceholderSample.QUESTION));
        assertThat(sample.simulated()).isTrue();
    }

    @Test
    void balancesTheTrainEpochsAlone() throws IOException {
        var even = new Balance(BalanceStrategy.UNDERSAMPLE, 0, WeightMethod.INVERSE, 0);

        var report = new DatasetBuild(new BuildConfig(cohort.manifestFile(), output).withBalance(even), Progress.SILENT)
                .run();

        var samples = samples();
        var validation = scored(cohort.manifest().split(Split.VALIDATION)).size();
        assertThat(report.before().total()).isGreaterThan(report.after().total());
        assertThat(report.after().byStage().values())
                .containsOnly(report.after().of(SleepStage.N1));
        assertThat(samples).hasSize(report.after().total() + validation);
        assertThat(questions()).hasSize(cohort.manifest().split(Split.EVAL).size());
    }

    @Test
    void asksWithoutTagsAndKeepsTheLabelForTheScorer() throws IOException {
        build();

        var epoch = cohort.manifest().split(Split.EVAL).get(0);
        assertThat(questions().get(0))
                .isEqualTo(new Question(
                        epoch.id(),
                        List.of(epoch.id() + ".png", epoch.id() + ".png"),
                        PlaceholderSample.QUESTION,
                        epoch.stage(),
                        epoch.subject(),
                        epoch.night(),
                        epoch.epoch(),
                        Optional.of(30.0),
                        true));
    }

    @Test
    void fiftyReasonsAreWhatTheSamplesOfTheirEpochsShow() throws IOException {
        build();

        var written = samples().stream().limit(50).map(DatasetBuildTest::answer).toList();
        var recomputed = new ArrayList<String>();
        for (var epoch :
                scored(cohort.manifest().split(Split.TRAIN, Split.VALIDATION)).subList(0, 50)) {
            recomputed.add(
                    "The stage is %s. %s".formatted(epoch.stage().orElseThrow().label(), reasonFromTheFile(epoch)));
        }

        assertThat(written).hasSize(50).isEqualTo(recomputed);
    }

    @Test
    void epochsOfOneStageHaveDifferentReasons() throws IOException {
        build();

        var reasonsByStage = samples().stream()
                .map(DatasetBuildTest::answer)
                .collect(Collectors.groupingBy(text -> text.substring(0, text.indexOf(". "))));

        assertThat(reasonsByStage).hasSize(SleepStage.values().length);
        assertThat(reasonsByStage.values())
                .allSatisfy(reasons -> assertThat(reasons).hasSizeGreaterThan(1).doesNotHaveDuplicates());
    }

    @Test
    void theReasonDoesNotDependOnTheLabel() throws IOException {
        var relabelled = new ArrayList<EpochRecord>();
        for (var epoch : cohort.manifest().split(Split.TRAIN)) {
            relabelled.add(with(epoch, Optional.of(SleepStage.REM), absolute(epoch.recording())));
        }
        var manifest = withPictures(relabelled);
        build();
        var reasons = reasons(samples());

        new DatasetBuild(new BuildConfig(manifest, output.resolve("other")), Progress.SILENT).run();

        var others = reasons(InstructionSample.readAll(output.resolve("other/eeg_ft.json")));
        assertThat(others)
                .isNotEmpty()
                .allSatisfy((id, reason) -> assertThat(reasons).containsEntry(id, reason));
    }

    @Test
    void aKilledRunGoesOnToTheSameBytes() throws IOException {
        build();
        var whole = Files.readAllBytes(output.resolve("eeg_ft.json"));
        var questions = Files.readAllBytes(output.resolve("eeg_eval.jsonl"));
        var again = Files.createDirectory(output.resolve("again"));
        Progress killer = (task, done, total, note) -> {
            if (done == 17) {
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> new DatasetBuild(config(again), killer).run()).hasMessage("killed");
        assertThat(again.resolve("eeg_ft.json")).doesNotExist();
        Files.writeString(again.resolve("eeg_ft.json.partial"), "{\"id\":\"cut o", StandardOpenOption.APPEND);

        var firstDone = new ArrayList<Long>();
        new DatasetBuild(config(again), (task, done, total, note) -> firstDone.add(done)).run();

        assertThat(firstDone.get(0)).isEqualTo(18);
        assertThat(again.resolve("eeg_ft.json")).hasBinaryContent(whole);
        assertThat(again.resolve("eeg_eval.jsonl")).hasBinaryContent(questions);
        assertThat(again.resolve("eeg_ft.json.partial")).doesNotExist();
    }

    @Test
    void anotherQuestionStartsTheUnfinishedSamplesAnew() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("eeg_ft.json.partial"), "another plan\n{}\n");

        build();

        assertThat(samples()).noneMatch(sample -> sample.conversations().isEmpty());
    }

    @Test
    void refusesToReplaceWhatIsFinished() throws IOException {
        build();

        assertThatThrownBy(this::build)
                .isInstanceOf(OutputExistsException.class)
                .hasMessageContaining("eeg_ft.json exists already");
    }

    @Test
    void replacesWhatIsFinishedOnRequest() throws IOException {
        build();

        new DatasetBuild(
                        new BuildConfig(cohort.manifestFile(), output)
                                .withQuestion("Stage?")
                                .withOverwrite(true),
                        Progress.SILENT)
                .run();

        assertThat(questions()).extracting(Question::text).containsOnly("Stage?");
        assertThat(samples().get(0).conversations().get(0).value()).endsWith("\nStage?");
    }

    @Test
    void aNightToBeStagedGivesQuestionsOnly() throws IOException {
        var unscored = new ArrayList<EpochRecord>();
        for (var epoch : cohort.manifest().split(Split.EVAL)) {
            unscored.add(with(epoch, Optional.empty(), absolute(epoch.recording())));
        }
        var manifest = withPictures(unscored);

        var report = new DatasetBuild(new BuildConfig(manifest, output), Progress.SILENT).run();

        assertThat(report.samples()).isZero();
        assertThat(questions())
                .hasSize(unscored.size())
                .allMatch(question -> question.label().isEmpty());
        assertThat(output.resolve("eeg_ft.json")).doesNotExist();
    }

    @Test
    void refusesAnEpochBeyondItsRecording() throws IOException {
        var epoch = cohort.manifest().split(Split.TRAIN).get(0);
        var late = new EpochRecord(
                epoch.id(),
                epoch.subject(),
                epoch.night(),
                9999,
                9999 * 30,
                30,
                epoch.stage(),
                epoch.split(),
                epoch.image(),
                epoch.sha256(),
                epoch.renderSpec(),
                absolute(epoch.recording()),
                Optional.empty(),
                epoch.channels(),
                true);
        var manifest = withPictures(List.of(late));

        assertThatThrownBy(() -> new DatasetBuild(new BuildConfig(manifest, output), Progress.SILENT).run())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(epoch.id());
        assertThat(output.resolve("eeg_ft.json")).doesNotExist();
    }

    @Test
    void refusesAFolderWithoutPictures() throws IOException {
        var manifest = Files.copy(cohort.manifestFile(), output.resolve("epochs.jsonl"));

        assertThatThrownBy(() -> new DatasetBuild(new BuildConfig(manifest, output), Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no pictures lie beside " + manifest);
        assertThat(output.resolve("eeg_eval.jsonl")).doesNotExist();
    }

    @Test
    void refusesAQuestionWithItsOwnImageTag() throws IOException {
        var epoch = cohort.manifest().records().get(0);

        assertThatThrownBy(() -> new PlaceholderSample(epoch, "<image> What?"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<image>");
    }

    /** A manifest with a folder of pictures beside it, which the build does not look into. */
    private Path withPictures(List<EpochRecord> epochs) throws IOException {
        Files.createDirectories(output.resolve(Split.TRAIN.pictureFolder()));
        var manifest = output.resolve("epochs.jsonl");
        new EpochManifest(epochs).write(manifest);
        return manifest;
    }

    private BuildReport build() throws IOException {
        return new DatasetBuild(config(output), Progress.SILENT).run();
    }

    private static BuildConfig config(Path output) {
        return new BuildConfig(cohort.manifestFile(), output);
    }

    private List<InstructionSample> samples() throws IOException {
        return InstructionSample.readAll(output.resolve("eeg_ft.json"));
    }

    private List<Question> questions() throws IOException {
        return Question.readAll(output.resolve("eeg_eval.jsonl"));
    }

    private static String reasonFromTheFile(EpochRecord epoch) throws IOException {
        try (var recording = EdfRecording.open(shared.resolve(epoch.recording()))) {
            var channel = recording.channel(epoch.channels().get(0));
            int count = (int) (30 * channel.samplingRateHz());
            var samples = recording.microvolts(channel, (long) epoch.epoch() * count, count);
            return Findings.of(samples, channel.samplingRateHz()).sentence();
        }
    }

    private static Map<String, String> reasons(List<InstructionSample> samples) {
        var reasons = new HashMap<String, String>();
        samples.forEach(sample -> reasons.put(sample.id(), answer(sample).split("\\. ", 2)[1]));
        return reasons;
    }

    private static String answer(InstructionSample sample) {
        return sample.conversations().get(1).value();
    }

    private static List<EpochRecord> scored(List<EpochRecord> epochs) {
        return epochs.stream().filter(epoch -> epoch.stage().isPresent()).toList();
    }

    private static List<String> ids(List<EpochRecord> epochs) {
        return epochs.stream().map(EpochRecord::id).toList();
    }

    private static String absolute(String recording) {
        return shared.resolve(recording).toAbsolutePath().toString();
    }

    private static EpochRecord with(EpochRecord epoch, Optional<SleepStage> stage, String recording) {
        return new EpochRecord(
                epoch.id(),
                epoch.subject(),
                epoch.night(),
                epoch.epoch(),
                epoch.onsetSeconds(),
                epoch.epochSeconds(),
                stage,
                epoch.split(),
                epoch.image(),
                epoch.sha256(),
                epoch.renderSpec(),
                recording,
                Optional.empty(),
                epoch.channels(),
                epoch.simulated());
    }
}
