package org.eegvlm.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("recipe")
class VisionTrainingTest {

    private static final int PASSES = 3;

    @TempDir
    static Path shared;

    private static List<Night> nights;
    private static Path manifest;
    private static VisionReport uninterrupted;

    @TempDir
    Path folder;

    @BeforeAll
    static void trainOnThreeShortNights() throws IOException {
        nights = new Simulation(new SimulationConfig(shared.resolve("raw"), 3, 20, 1), Progress.SILENT).run();
        manifest = render(shared.resolve("sleep_data"), true);
        uninterrupted = train(shared.resolve("model"), Progress.SILENT);
    }

    @Test
    void lowersTheLoss() {
        var passes = uninterrupted.metrics().passes();

        assertThat(passes).hasSize(PASSES);
        assertThat(passes.get(PASSES - 1).loss()).isLessThan(passes.get(0).loss());
    }

    @Test
    void answersForEveryEvaluationEpochInTheAnswersFormat() throws IOException {
        var answers = Answer.readAll(uninterrupted.model().resolve("predictions.jsonl"));

        assertThat(answers)
                .hasSize(20)
                .allMatch(answer -> answer.text().startsWith("The stage is "))
                .allMatch(answer -> answer.modelId().equals("vision-resnet18"));
        assertThat(uninterrupted.metrics().eval()).contains(Scores.of(answers));
    }

    @Test
    void goesOnAfterAKillAndEndsInTheSameBytes() throws IOException {
        var model = folder.resolve("model");
        assertThatThrownBy(() -> train(model, VisionTrainingTest::dieInTheSecondPass))
                .hasMessage("killed");
        assertThat(model).doesNotExist();

        train(model, Progress.SILENT);

        assertThat(contents(model)).isEqualTo(contents(uninterrupted.model()));
    }

    @Test
    void goesOnAtTheLoadThatItBeganWith() throws IOException {
        var model = folder.resolve("model");
        var load = new Load(7, 1);
        var begun = config(model).withExecution(Execution.DEFAULT.with(load));
        assertThatThrownBy(() -> new VisionTraining(begun, VisionTrainingTest::dieInTheSecondPass).run())
                .hasMessage("killed");

        train(model, Progress.SILENT);

        assertThat(VisionCard.in(model).load()).contains(load);
    }

    @Test
    void deletesNothingWhereAnotherLoadIsAskedFor() throws IOException {
        var model = folder.resolve("model");
        assertThatThrownBy(() -> train(model, VisionTrainingTest::dieInTheSecondPass))
                .hasMessage("killed");
        var before = contents(folder);
        var other = Execution.DEFAULT.with(new Load(7, 1));
        var asked = config(model).withExecution(other);

        assertThatThrownBy(() -> new VisionTraining(asked, Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--at-once 10");
        assertThat(contents(folder)).isEqualTo(before);
        new VisionTraining(asked.withOverwrite(true), Progress.SILENT).run();
        assertThat(VisionCard.in(model).load()).isEqualTo(other.load());
    }

    @Test
    void goesOnWithWhatBeganBeforeLoadsWereTold() throws IOException {
        var model = folder.resolve("model");
        assertThatThrownBy(() -> train(model, VisionTrainingTest::dieInTheSecondPass))
                .hasMessage("killed");
        tellNoLoad(folder.resolve("model.partial"));
        var steps = new ArrayList<Long>();

        train(model, (task, done, total, note) -> steps.add(done));

        assertThat(steps).startsWith(3L);
        assertThat(contents(model)).isEqualTo(contents(uninterrupted.model()));
    }

    @Test
    void takesAFinishedModelThatTellsNoLoadForFinished() throws IOException {
        var model = Files.createDirectories(folder.resolve("model"));
        Files.copy(uninterrupted.model().resolve("config.json"), model.resolve("config.json"));
        tellNoLoad(model);

        new VisionTraining(config(model), Progress.SILENT).complete();

        assertThat(model).isDirectoryNotContaining(file -> !file.endsWith("config.json"));
    }

    @Test
    void takesItsLargestStepAtOnce() throws IOException {
        var config = config(folder.resolve("model"));

        new VisionTraining(config.withSchedule(Schedule.DEFAULT.withPasses(1)), Progress.SILENT).run();

        assertThat(VisionCard.in(config.output()).load().orElseThrow().atOnce()).isEqualTo(20);
    }

    @Test
    void learnsTheSameBytesFromRecordingsAsFromPictureFiles() throws IOException {
        var drawn = render(folder.resolve("sleep_data"), false);
        var config = config(folder.resolve("model"), drawn);

        new VisionTraining(config, Progress.SILENT).run();

        assertThat(contents(config.output())).isEqualTo(contents(uninterrupted.model()));
    }

    @Test
    void goesOnAfterAKillWithEveryOptionToo() throws IOException {
        var regularization = Regularization.DEFAULT
                .withAveraging(0.9)
                .withBalance(StageBalance.SAMPLING)
                .withAugmentation(Augmentation.of("time-shift,amplitude:0.2,noise:0.02"));
        var whole = folder.resolve("whole");
        train(whole, regularization, Progress.SILENT);
        var model = folder.resolve("model");
        assertThatThrownBy(() -> train(model, regularization, VisionTrainingTest::dieInTheSecondPass))
                .hasMessage("killed");

        train(model, regularization, Progress.SILENT);

        assertThat(contents(model)).isEqualTo(contents(whole)).isNotEqualTo(contents(uninterrupted.model()));
    }

    @Test
    void refusesWeightsThatHaveSeenTheEvaluationSubjects() throws IOException {
        var other = Files.createDirectories(folder.resolve("other"));
        var card = VisionCard.in(uninterrupted.model());
        var seen = EpochManifest.read(manifest).subjects(Split.EVAL);
        Json.write(
                other.resolve("config.json"),
                Map.of(
                        "network", card.network(),
                        "picture", card.picture(),
                        "trained_on_subjects", seen,
                        "validation_subjects", List.of()));
        Files.copy(uninterrupted.model().resolve("model.safetensors"), other.resolve("model.safetensors"));
        var config = config(folder.resolve("model")).withWeights(other.resolve("model.safetensors"));

        assertThatThrownBy(() -> new VisionTraining(config, Progress.SILENT).run())
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining(seen.get(0));
    }

    @Test
    void keepsAnEarlierModelIfTheWeightsDoNotSuit() throws IOException {
        var model = Files.createDirectories(folder.resolve("model"));
        var mine = Files.writeString(model.resolve("mine.txt"), "mine");
        var inside = Files.copy(uninterrupted.model().resolve("model.safetensors"), model.resolve("model.safetensors"));
        var other = folder.resolve("other.safetensors");
        SafetensorsWriter.write(other, Map.of("x", TensorData.f32(new float[1], 1)), Map.of());
        var config = config(model).withOverwrite(true);

        assertThatThrownBy(() -> new VisionTraining(config.withWeights(inside), Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("within the output");
        assertThatThrownBy(() -> new VisionTraining(config.withWeights(other), Progress.SILENT).run())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("no weights of resnet18");
        assertThat(mine).exists();
    }

    @Test
    void refusesWeightsThatHaveLearntFromTheValidationSubjects() throws IOException {
        var weights = folder.resolve("model.safetensors");
        var subjects = EpochManifest.read(manifest).subjects(Split.VALIDATION);
        var seen = new SeenSubjects(subjects, List.of());
        SafetensorsWriter.write(weights, Map.of("x", TensorData.f32(new float[1], 1)), seen.metadata());
        var config = config(folder.resolve("model")).withWeights(weights);

        assertThatThrownBy(() -> new VisionTraining(config, Progress.SILENT).run())
                .isInstanceOf(LeakageException.class)
                .hasMessageContaining(subjects.get(0) + "], who are to validate");
    }

    @Test
    void startsFromGivenWeightsAndSaysWhich() throws IOException {
        var weights = uninterrupted.model().resolve("model.safetensors");

        var report = new VisionTraining(config(folder.resolve("model")).withWeights(weights), Progress.SILENT).run();

        assertThat(VisionCard.in(report.model()).weightsSha256()).contains(Sha256.of(weights));
        assertThat(report.metrics().passes().get(0).loss())
                .isLessThan(uninterrupted.metrics().passes().get(0).loss());
    }

    @Test
    void tellsHowFarItsProbabilitiesMeanWhatTheySay() {
        var metrics = uninterrupted.metrics();

        assertThat(metrics.evalCalibration().orElseThrow()).hasSize(5);
        assertThat(metrics.validationCalibration().orElseThrow())
                .allSatisfy(stage -> assertThat(stage.brier()).isBetween(0.0, 1.0));
        assertThat(uninterrupted.model().resolve("curves.svg")).content().contains("validation kappa");
    }

    @Test
    void replacesAFinishedModelOnlyOnRequest() {
        assertThatThrownBy(() -> train(uninterrupted.model(), Progress.SILENT))
                .isInstanceOf(OutputExistsException.class);
    }

    @Test
    void encodesPicturesAsItsPredictionsSay() throws IOException {
        var answer = Answer.readAll(uninterrupted.model().resolve("predictions.jsonl"))
                .get(0);
        var epoch = EpochManifest.read(manifest).split(Split.EVAL).get(0);
        var image = EegImage.read(manifest.resolveSibling(epoch.image()));

        try (var extractor = FeatureExtractor.open(uninterrupted.model())) {
            var encoded = extractor.encode(List.of(image));

            assertThat(encoded.features()[0]).hasSize(1024);
            // Alone, not in its batch: rounding may differ.
            assertThat((double) encoded.probabilities()[0][0])
                    .isCloseTo(answer.metadata().probabilities().orElseThrow().get("Wake"), within(1e-5));
        }
    }

    @Test
    void tellsWhomItHasSeen() throws IOException {
        var subjects = EpochManifest.read(manifest).subjects(Split.TRAIN, Split.VALIDATION);

        assertThat(FeatureExtractor.card(uninterrupted.model()).seenSubjects()).isEqualTo(subjects);
        assertThat(FeatureExtractor.encoderSha256(uninterrupted.model()))
                .isEqualTo(Sha256.of(uninterrupted.model().resolve("model.safetensors")));
    }

    @Test
    void saysThatAFolderHoldsNoModel() {
        assertThatThrownBy(() -> FeatureExtractor.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("train-vision");
    }

    private static void tellNoLoad(Path model) throws IOException {
        Json.write(model.resolve("config.json"), VisionCard.in(model).withLoad(Optional.empty()));
    }

    private static Path render(Path data, boolean files) throws IOException {
        var spec = RenderSpec.DEFAULT.withCanvas(new RenderSpec.Canvas(64, 64));
        var config = new RenderConfig(nights, data, spec, new SubjectSplit(1, 1, 0), false).withFiles(files);
        new EpochRendering(config, Progress.SILENT).run();
        return data.resolve("epochs.jsonl");
    }

    private static VisionReport train(Path output, Progress progress) throws IOException {
        return train(output, Regularization.DEFAULT, progress);
    }

    private static VisionReport train(Path output, Regularization regularization, Progress progress)
            throws IOException {
        var config = config(output);
        return new VisionTraining(config.withSchedule(config.schedule().withRegularization(regularization)), progress)
                .run();
    }

    private static VisionConfig config(Path output) {
        return config(output, manifest);
    }

    private static VisionConfig config(Path output, Path data) {
        return VisionConfig.of(data, output)
                .withPicture(Picture.DEFAULT.withSize(32))
                .withSchedule(Schedule.DEFAULT.withPasses(PASSES).withBatch(10));
    }

    /** Two batches a pass: the third step is in the second. */
    private static void dieInTheSecondPass(String task, long done, long total, String note) {
        if (done == 3) {
            throw new IllegalStateException("killed");
        }
    }

    private static Map<String, String> contents(Path root) throws IOException {
        var contents = new TreeMap<String, String>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), Sha256.of(file));
            }
        }
        return contents;
    }
}
