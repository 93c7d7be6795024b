package org.eegvlm.vision.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionCard;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.VisionEngine;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.EpochRenderer;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainRunTest {

    private static final RenderSpec SPEC = RenderSpec.DEFAULT.withCanvas(new RenderSpec.Canvas(96, 96));

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path manifest;
    private static Path vision;

    @BeforeAll
    static void simulateTwoNights() throws IOException {
        var nights = new Simulation(new SimulationConfig(shared.resolve("raw"), 2, 20, 1), Progress.SILENT).run();
        new EpochRendering(new RenderConfig(nights, shared, SPEC, new SubjectSplit(0, 1, 0), false), Progress.SILENT)
                .run();
        manifest = shared.resolve("epochs.jsonl");
        vision = Files.createDirectory(shared.resolve("vision"));
        var network = NetworkConfig.of("resnet18", List.of(8, 16), List.of(1, 1), 64);
        try (var learner = VisionEngine.named("djl").learner(network, LearnerConfig.of(1))) {
            SafetensorsWriter.write(vision.resolve(VisionEngine.WEIGHTS), learner.weights(), Map.of());
        }
        var card = new VisionCard(
                network,
                Picture.DEFAULT.withSize(64),
                Schedule.DEFAULT,
                1,
                SPEC,
                SPEC.sha256(),
                "a-manifest",
                List.of(),
                List.of(),
                true,
                Optional.empty(),
                Optional.empty());
        Json.write(vision.resolve("config.json"), card);
    }

    @Test
    void drawsSomeEpochsOfEachStage() throws IOException {
        var out = folder.resolve("out");

        int explained = new ExplainRun(ExplainConfig.of(manifest, vision, out), Progress.SILENT).run();

        var evalEpochs = EpochManifest.read(manifest).split(Split.EVAL);
        try (var files = Files.list(out)) {
            var names = files.map(file -> file.getFileName().toString()).toList();
            assertThat(names).hasSize(explained + 1).contains("explanations.jsonl");
            assertThat(evalEpochs.stream().map(epoch -> epoch.id() + ".svg").toList())
                    .containsAll(
                            names.stream().filter(name -> name.endsWith(".svg")).toList());
        }
    }

    @Test
    void refusesAnEpochThatIsNotThere() {
        var config = ExplainConfig.of(manifest, vision, folder.resolve("out")).withEpochs(List.of("nobody-0"));

        assertThatThrownBy(() -> new ExplainRun(config, Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nobody-0");
    }

    @Test
    void refusesAPictureThatIsNotTheManifests() throws IOException {
        var epochs = EpochManifest.read(manifest).records();
        var image = folder.resolve(epochs.get(0).image());
        Files.createDirectories(image.getParent());
        Files.copy(manifest, folder.resolve("epochs.jsonl"));
        Files.copy(shared.resolve(epochs.get(1).image()), image);
        var config = replacing(folder.resolve("epochs.jsonl"), epochs.get(0).id());

        assertThatThrownBy(() -> new ExplainRun(config, Progress.SILENT).run())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("render again");
        assertThat(config.output().resolve("older.svg")).exists();
    }

    @Test
    void refusesAPictureOutsideTheManifestsFolder() throws IOException {
        var epoch = EpochManifest.read(manifest).records().get(0);
        var data = folder.resolve("data");
        Files.createDirectories(data.resolve("eeg_images_ft"));
        Files.copy(shared.resolve(epoch.image()), folder.resolve("outside.png"));
        var line = Files.readAllLines(manifest).get(0).replace(epoch.image(), "../outside.png");
        var config = replacing(Files.writeString(data.resolve("epochs.jsonl"), line + "\n"), epoch.id());

        assertThatThrownBy(() -> new ExplainRun(config, Progress.SILENT).run())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("leads out of");
    }

    /** Where an older drawing lies in the output. */
    private ExplainConfig replacing(Path epochs, String id) throws IOException {
        var out = Files.createDirectory(folder.resolve("out"));
        Files.createFile(out.resolve("older.svg"));
        return new ExplainConfig(epochs, vision, out, List.of(id), 1, VisionEngine.DEFAULT, "cpu", true);
    }

    @Test
    void findsTheOnlySecondThatHasAnything() throws IOException {
        try (var extractor = FeatureExtractor.open(vision)) {
            var explanation = new Occlusion(extractor).explain(inkIn(12));

            assertThat(explanation.weight()).hasSize(60);
            int strongest = IntStream.range(0, 60)
                    .reduce((a, b) -> Math.abs(explanation.weight()[a])
                                    >= Math.abs(explanation.weight()[b])
                            ? a
                            : b)
                    .orElseThrow();
            assertThat(strongest).isBetween(24, 25);
            assertThat(explanation.weight()[20]).isCloseTo(0, within(1e-4));
            assertThat(explanation.weight()[30]).isCloseTo(0, within(1e-4));
        }
    }

    /** Blank paper with a black block in one second. */
    private static EegImage inkIn(int second) {
        byte[] rgb;
        try (var renderer = new EpochRenderer(SPEC)) {
            rgb = renderer.blank().rgb();
        }
        int width = SPEC.canvas().width();
        int rowHeight = SPEC.canvas().height() / 6;
        int left = second % 5 * width / 5;
        for (int y = second / 5 * rowHeight + 4; y < (second / 5 + 1) * rowHeight - 4; y++) {
            for (int x = left + 4; x < left + width / 5 - 4; x++) {
                for (int colour = 0; colour < 3; colour++) {
                    rgb[3 * (y * width + x) + colour] = 0;
                }
            }
        }
        return new EegImage(width, SPEC.canvas().height(), rgb);
    }
}
