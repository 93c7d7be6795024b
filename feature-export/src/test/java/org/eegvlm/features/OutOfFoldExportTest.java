package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.score.Answer;
import org.eegvlm.tensor.NpyFile;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.FoldTraining;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionCard;
import org.eegvlm.vision.VisionConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.onnx.OnnxExport;
import org.eegvlm.vision.render.EegImage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fold models, really trained, if for one pass only; two train subjects, so that each fold is one. */
@Tag("recipe")
class OutOfFoldExportTest {

    private static final String TRAIN = FeatureExport.TRAIN_FEATURES;

    @TempDir
    static Path shared;

    @TempDir
    Path output;

    static Cohort cohort;
    static Path exported;

    @BeforeAll
    static void trainAndExport() throws IOException {
        cohort = Cohort.simulatedIn(shared);
        folds(Progress.SILENT).run();
        exported = shared.resolve("exported");
        export(exported, Progress.SILENT);
    }

    @Test
    void noRowComesFromAModelThatWasTrainedOnItsSubject() throws IOException {
        var sidecar = sidecar(exported);
        var folds = sidecar.outOfFold().orElseThrow();
        var subjects = subjects();

        var encoders = new HashSet<String>();
        for (int n = 0; n < sidecar.ids().size(); n++) {
            var subject = subjects.get(sidecar.ids().get(n));
            assertThat(folds.encoder(n).trainedOnSubjects()).isNotEmpty().doesNotContain(subject);
            encoders.add(folds.encoder(n).sha256());
        }
        assertThat(encoders).hasSize(3); // two folds, and the whole model for the validation subject
        assertThat(sidecar.ids()).containsExactlyInAnyOrderElementsOf(taught());
        assertThat(sidecar.encoder()).isEqualTo(FeatureExtractor.encoderSha256(vision()));
    }

    @Test
    void theSidecarHasTheBytesOfOneWrittenWhole() throws IOException {
        Json.write(output.resolve("whole.json"), sidecar(exported));

        assertThat(FeatureSidecar.beside(exported.resolve(TRAIN))).hasSameBinaryContentAs(output.resolve("whole.json"));
    }

    @Test
    void aFoldsCardNamesWhoeverItWasTrainedOn() throws IOException {
        var train = cohort.subjects(Split.TRAIN);

        var first = VisionCard.in(vision().resolve("fold-1")).trainedOnSubjects();
        var second = VisionCard.in(vision().resolve("fold-2")).trainedOnSubjects();

        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
        assertThat(train).containsAll(first).containsAll(second);
    }

    @Test
    void aFoldModelAnswersForThoseItHasNotSeen() throws IOException {
        var fold = vision().resolve("fold-1");
        var answers = Answer.readAll(fold.resolve("predictions.jsonl"));

        assertThat(answers).hasSize(Cohort.EPOCHS_PER_NIGHT);
        assertThat(VisionCard.in(fold).trainedOnSubjects())
                .doesNotContain(epoch(answers.get(0).questionId()).subject());
    }

    @Test
    void aRowIsWhatItsEncoderMakesOfItsPicture() throws IOException {
        var sidecar = sidecar(exported);
        var epoch = epoch(sidecar.ids().get(3));
        try (var extractor = FeatureExtractor.open(vision().resolve("fold-1"))) {
            var image = EegImage.read(shared.resolve(epoch.image()));
            var expected = sidecar.standardization()
                    .apply(extractor.encode(List.of(image)).features()[0]);
            assertThat(sidecar.outOfFold().orElseThrow().encoder(3).sha256())
                    .isEqualTo(FeatureExtractor.encoderSha256(vision().resolve("fold-1")));
            assertThat(NpyFile.open(exported.resolve(TRAIN)).row(3)).containsExactly(expected, within(1e-2f));
        }
    }

    @Test
    void aKilledExportGoesOnToTheSameBytes() throws IOException {
        Progress killer = (task, done, total, note) -> {
            if (done > Cohort.EPOCHS_PER_NIGHT) { // within the second fold
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> export(output, killer)).hasMessage("killed");

        export(output, Progress.SILENT);

        assertThat(output.resolve(TRAIN)).hasSameBinaryContentAs(exported.resolve(TRAIN));
        assertThat(FeatureSidecar.beside(output.resolve(TRAIN)))
                .hasSameBinaryContentAs(FeatureSidecar.beside(exported.resolve(TRAIN)));
    }

    @Test
    void trainsOnlyWhatIsNotFinished() throws IOException {
        var alignment = vision().resolve("fold-2/alignment.safetensors");
        var bytes = Files.readAllBytes(alignment);
        Files.delete(alignment);
        var tasks = new HashSet<String>();

        folds((task, done, total, note) -> tasks.add(task)).run();

        assertThat(tasks).containsExactly("fold 2 of 2: aligning");
        assertThat(alignment).hasBinaryContent(bytes);
    }

    @Test
    void goesOnAfterAKillThoughItReplacesAnOlderModel() throws IOException {
        var model = output.resolve("vision");
        copy(vision(), model);
        var config = config().withOutput(model).withSeed(2).withOverwrite(true);
        Progress killer = (task, done, total, note) -> {
            if (task.startsWith("fold 2")) {
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> new FoldTraining(config, 2, killer).run()).hasMessage("killed");
        var tasks = new HashSet<String>();

        new FoldTraining(config, 2, (task, done, total, note) -> tasks.add(task)).run();

        assertThat(tasks).isNotEmpty().allMatch(task -> task.startsWith("fold 2 of 2: "));
        assertThat(VisionCard.in(model).seed()).isEqualTo(2);
        assertThat(VisionCard.in(model.resolve("fold-1")).seed()).isEqualTo(2);
    }

    @Test
    void refusesWeightsThatHaveSeenWhomAFoldHoldsOut() {
        var config = config().withOutput(output.resolve("vision")).withWeights(vision().resolve("model.safetensors"));

        assertThatThrownBy(() -> new FoldTraining(config, 2, Progress.SILENT).run())
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining("held out by a fold");
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void refusesToMixFoldsOfDifferentNumbers() {
        assertThatThrownBy(() -> new FoldTraining(config().withSeed(2), 2, Progress.SILENT).run())
                .isInstanceOf(OutputExistsException.class);
    }

    @Test
    void refusesAnExportWhereAFoldIsMissing() throws IOException {
        var incomplete = output.resolve("vision");
        copy(vision(), incomplete);
        Output.deleteTree(incomplete.resolve("fold-2"));

        var config = new ExportConfig(cohort.manifestFile(), incomplete, output).withOutOfFold(true);
        assertThatThrownBy(() -> new FeatureExport(config, Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no fold model of");
        assertThat(output.resolve(TRAIN)).doesNotExist();
    }

    @Test
    void keepsTheOlderFilesWhereAFoldDoesNotOpen() throws IOException {
        var exportedWhole = output.resolve("vision");
        copy(vision(), exportedWhole);
        OnnxExport.run(exportedWhole, FeatureExtractor.card(exportedWhole).network(), false);
        var older = Files.createFile(output.resolve(TRAIN));
        var config = new ExportConfig(cohort.manifestFile(), exportedWhole, output)
                .withOutOfFold(true)
                .withExecution(Execution.DEFAULT.withEngine("onnx"))
                .withOverwrite(true);

        assertThatThrownBy(() -> new FeatureExport(config, Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fold-1")
                .hasMessageContaining("export-onnx");
        assertThat(older).exists();
    }

    private static void export(Path output, Progress progress) throws IOException {
        var config = new ExportConfig(cohort.manifestFile(), vision(), output).withOutOfFold(true);
        new FeatureExport(config, progress).run();
    }

    private static FoldTraining folds(Progress progress) {
        return new FoldTraining(config(), 2, progress);
    }

    private static VisionConfig config() {
        return VisionConfig.of(cohort.manifestFile(), vision())
                .withBackbone(SmallResNet.NAME)
                .withPicture(Picture.DEFAULT.withSize(32))
                .withSchedule(Schedule.DEFAULT.withPasses(1));
    }

    private static Path vision() {
        return shared.resolve("runs/vision");
    }

    private static FeatureSidecar sidecar(Path folder) throws IOException {
        return Json.read(FeatureSidecar.beside(folder.resolve(TRAIN)), FeatureSidecar.class);
    }

    private static List<String> taught() throws IOException {
        return cohort.manifest().split(Split.TRAIN, Split.VALIDATION).stream()
                .map(EpochRecord::id)
                .toList();
    }

    private static Map<String, String> subjects() throws IOException {
        var subjects = new HashMap<String, String>();
        cohort.manifest().records().forEach(epoch -> subjects.put(epoch.id(), epoch.subject()));
        return subjects;
    }

    private static EpochRecord epoch(String id) throws IOException {
        return cohort.manifest().records().stream()
                .filter(epoch -> epoch.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
