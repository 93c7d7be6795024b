package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.Load;
import org.eegvlm.vision.render.EegImage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureExportTest {

    private static final String TRAIN = "train_high_level_features.npy";
    private static final String EVAL = "eval_high_level_features.npy";

    @TempDir
    static Path shared;

    @TempDir
    Path output;

    static Cohort cohort;
    static Path vision;

    /** What a run writes that nobody disturbs. */
    static Path exported;

    static ExportReport report;

    @BeforeAll
    static void export() throws IOException {
        cohort = Cohort.simulatedIn(shared);
        vision = cohort.visionModel("vision", cohort.subjects(Split.TRAIN), Cohort.SPEC.sha256());
        exported = shared.resolve("exported");
        report = new FeatureExport(config(exported), Progress.SILENT).run();
    }

    @Test
    void writesARowForEveryEpochUnderItsId() throws IOException {
        var taught = ids(cohort.manifest().split(Split.TRAIN, Split.VALIDATION));
        var asked = ids(cohort.manifest().split(Split.EVAL));
        assertThat(report).isEqualTo(new ExportReport(taught.size(), asked.size()));
        assertThat(NpyFile.open(exported.resolve(TRAIN)).shape()).containsExactly(taught.size(), 1, 1024);
        assertThat(NpyFile.open(exported.resolve(EVAL)).shape()).containsExactly(asked.size(), 1, 1024);
        assertThat(sidecar(TRAIN).ids()).isEqualTo(taught);
        assertThat(sidecar(EVAL).ids()).isEqualTo(asked);
        assertThat(sidecar(EVAL).renderSpec()).isEqualTo(Cohort.SPEC.sha256());
        assertThat(sidecar(EVAL).trainedOnSubjects()).isEqualTo(cohort.subjects(Split.TRAIN));
    }

    @Test
    void theSidecarHasTheBytesOfOneWrittenWhole() throws IOException {
        Json.write(output.resolve("whole.json"), sidecar(TRAIN));

        assertThat(FeatureSidecar.beside(exported.resolve(TRAIN))).hasSameBinaryContentAs(output.resolve("whole.json"));
    }

    @Test
    void standardisesOnTheTrainSplitAlone() throws IOException {
        var file = NpyFile.open(exported.resolve(TRAIN));
        int trainRows = cohort.manifest().split(Split.TRAIN).size();
        var trainIds = ids(cohort.manifest().split(Split.TRAIN));
        double squares = 0;
        for (int n = 0; n < file.rows(); n++) {
            if (trainIds.contains(sidecar(TRAIN).ids().get(n))) {
                for (float value : file.row(n)) {
                    squares += value * value;
                }
            }
        }
        assertThat(Math.sqrt(squares / trainRows / 1024)).isCloseTo(1, within(1e-4)); // float32, summed
        assertThat(sidecar(EVAL).standardization().scale())
                .containsExactly(sidecar(TRAIN).standardization().scale());
    }

    @Test
    void aRowIsTheStandardisedFeatureOfItsOwnPicture() throws IOException {
        var epoch = cohort.manifest().split(Split.EVAL).get(5);
        try (var extractor = FeatureExtractor.open(vision)) {
            var image = EegImage.read(shared.resolve(epoch.image()));
            var expected = sidecar(EVAL)
                    .standardization()
                    .apply(extractor.encode(List.of(image)).features()[0]);
            assertThat(NpyFile.open(exported.resolve(EVAL)).row(5))
                    .containsExactly(expected, within(1e-3f)); // a batch of one rounds otherwise than one of 32
        }
    }

    @Test
    void aRunWithAnotherStandardisationTakesNothingFromAKilledOne() throws IOException {
        dieAfterTheFirst();
        var width = sidecar(TRAIN).standardization().mean().length;
        var scale = new float[width];
        Arrays.fill(scale, 2);
        var model = Files.createDirectory(output.resolve("model"));
        card(sidecar(TRAIN).encoder(), new FeatureSidecar.Standardization(new float[width], scale))
                .write(model);

        new FeatureExport(config(output).withStandardizationFrom(model), Progress.SILENT).run();

        for (var name : List.of(TRAIN, EVAL)) {
            var written = Json.read(FeatureSidecar.beside(output.resolve(name)), FeatureSidecar.class);
            assertThat(written.standardization().scale()).containsExactly(scale);
        }
    }

    @Test
    void startsAfreshWhereAnEarlierVersionsPlanLies() throws IOException {
        Files.createFile(output.resolve(TRAIN));
        Files.writeString(output.resolve("features.plan"), "9f86d081884c7d659a2feaa0c55ad015".repeat(2));

        new FeatureExport(config(output), Progress.SILENT).run();

        assertThat(output.resolve(TRAIN)).hasSameBinaryContentAs(exported.resolve(TRAIN));
    }

    @Test
    void takesTheLoadOfAKilledRunOfTheSameAlone() throws IOException {
        assertThat(batchAfterADeathAtEight(vision)).isEqualTo(8);
        assertThat(batchAfterADeathAtEight(cohort.visionModel("less", List.of(), Cohort.SPEC.sha256())))
                .isGreaterThan(8);
    }

    @Test
    void refusesToReplaceWhatIsFinished() throws IOException {
        assertThatThrownBy(() -> new FeatureExport(config(exported), Progress.SILENT).run())
                .isInstanceOf(OutputExistsException.class)
                .hasMessageContaining(TRAIN);
    }

    @Test
    void replacesWhatIsFinishedOnRequest() throws IOException {
        Files.createFile(output.resolve(TRAIN));
        Files.createFile(output.resolve(EVAL));

        new FeatureExport(config(output).withOverwrite(true), Progress.SILENT).run();

        assertThat(output.resolve(TRAIN)).hasSameBinaryContentAs(exported.resolve(TRAIN));
    }

    @Test
    void refusesALoadThatDoesNotFitBeforeAnythingIsWritten() {
        var asked = new Execution("djl", "cpu", Optional.of(1_000_000_000), Optional.empty());

        assertThatThrownBy(() -> new FeatureExport(config(output).withExecution(asked), Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--at-once");
        assertThat(output).isEmptyDirectory();
    }

    /** Elsewhere nobody can ask for less, and a chosen load has been fitted before. */
    @Test
    void anOpeningIsNeverRefusedByAnEstimate() throws IOException {
        var asked = new Execution("djl", "cpu", Optional.of(1_000_000_000), Optional.empty());

        FeatureExtractor.open(vision, asked).close();
        FeatureExtractor.open(vision, asked.with(new Load(1_000_000_000, 1))).close();
    }

    @Test
    void refusesAVisionModuleThatHasSeenAnEvaluationSubject() throws IOException {
        var leaky = cohort.visionModel("leaky", cohort.subjects(Split.EVAL), Cohort.SPEC.sha256());

        assertThatThrownBy(
                        () -> new FeatureExport(new ExportConfig(cohort.manifestFile(), leaky, output), Progress.SILENT)
                                .run())
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining(cohort.subjects(Split.EVAL).get(0));
        assertThat(output).isEmptyDirectory();
    }

    /** No figure will be reported on it. */
    @Test
    void takesAnUnscoredNightOfAnEvaluationSubjectWhomTheVisionModuleHasSeen() throws IOException {
        var seen = cohort.visionModel("seen", cohort.subjects(Split.EVAL), Cohort.SPEC.sha256());
        var manifest = shared.resolve("unscored.jsonl");
        try (var lines = Files.lines(cohort.manifestFile())) {
            Files.write(
                    manifest,
                    lines.filter(line -> line.contains("\"split\":\"eval\""))
                            .map(line -> line.replaceFirst("\"stage\":\"[^\"]*\",", ""))
                            .toList());
        }
        card(FeatureExtractor.encoderSha256(seen)).write(output);
        var config = new ExportConfig(manifest, seen, output).withStandardizationFrom(output);

        var unscored = new FeatureExport(config, Progress.SILENT).run();

        assertThat(unscored).isEqualTo(new ExportReport(0, report.evalRows()));
    }

    @Test
    void refusesAVisionModuleThatKnowsOtherPictures() throws IOException {
        var other = cohort.visionModel("other", List.of(), "0123");

        assertThatThrownBy(
                        () -> new FeatureExport(new ExportConfig(cohort.manifestFile(), other, output), Progress.SILENT)
                                .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("render spec 0123");
    }

    @Test
    void refusesAPictureThatIsNotTheManifests() throws IOException {
        copy(output);
        var first = cohort.manifest().split(Split.TRAIN).get(0);
        var second = cohort.manifest().split(Split.TRAIN).get(1);
        Files.write(output.resolve(first.image()), Files.readAllBytes(shared.resolve(second.image())));

        assertThatThrownBy(() -> new FeatureExport(
                                new ExportConfig(output.resolve("epochs.jsonl"), vision, output), Progress.SILENT)
                        .run())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(first.id());
        assertThat(output.resolve(TRAIN)).doesNotExist();
    }

    @Test
    void takesTheStandardisationOfAModel() throws IOException {
        var model = Files.createDirectory(output.resolve("model"));
        card(sidecar(TRAIN).encoder()).write(model);
        var staged = output.resolve("staged");

        new FeatureExport(config(staged).withStandardizationFrom(model), Progress.SILENT).run();

        assertThat(staged.resolve(EVAL)).hasSameBinaryContentAs(exported.resolve(EVAL));
        assertThat(staged.resolve(TRAIN)).hasSameBinaryContentAs(exported.resolve(TRAIN));
    }

    @Test
    void refusesTheStandardisationOfAnotherVisionModule() throws IOException {
        var model = Files.createDirectory(output.resolve("model"));
        card("another").write(model);

        assertThatThrownBy(() -> new FeatureExport(
                                config(output.resolve("staged")).withStandardizationFrom(model), Progress.SILENT)
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vision module another");
    }

    private static ExportConfig config(Path output) {
        return new ExportConfig(cohort.manifestFile(), vision, output);
    }

    private FeatureSidecar sidecar(String npy) throws IOException {
        return Json.read(FeatureSidecar.beside(exported.resolve(npy)), FeatureSidecar.class);
    }

    private void dieAfterTheFirst() throws IOException {
        int second = cohort.manifest().split(Split.EVAL).size();
        Progress killer = (task, done, total, note) -> {
            if (total == second) {
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> new FeatureExport(config(output), killer).run())
                .hasMessage("killed");
    }

    /** Of another run into the same folder, which asks for no load. */
    private int batchAfterADeathAtEight(Path model) throws IOException {
        var eight = new Execution("djl", "cpu", Optional.of(8), Optional.empty());
        Progress killer = (task, rows, total, note) -> {
            throw new IllegalStateException("killed");
        };
        assertThatThrownBy(() ->
                        new FeatureExport(config(output).withExecution(eight).withOverwrite(true), killer).run())
                .hasMessage("killed");
        var next = new ArrayList<Long>();
        new FeatureExport(
                        new ExportConfig(cohort.manifestFile(), model, output),
                        (task, rows, total, note) -> next.add(rows))
                .run();
        return (int) (next.get(1) - next.get(0));
    }

    private ModelCard card(String encoder) throws IOException {
        return card(encoder, sidecar(TRAIN).standardization());
    }

    private static ModelCard card(String encoder, FeatureSidecar.Standardization standardization) {
        return new ModelCard(
                Optional.empty(),
                "v1",
                PlaceholderSample.QUESTION,
                "fuse",
                Optional.of(encoder),
                List.of(),
                List.of(),
                Optional.of(standardization),
                true);
    }

    private static void copy(Path folder) throws IOException {
        for (var name : List.of("eeg_images_ft", "eeg_images_eval")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.copy(cohort.manifestFile(), folder.resolve("epochs.jsonl"));
        for (var epoch : cohort.manifest().records()) {
            Files.copy(shared.resolve(epoch.image()), folder.resolve(epoch.image()));
        }
    }

    private static List<String> ids(List<EpochRecord> epochs) {
        return epochs.stream().map(EpochRecord::id).toList();
    }
}
