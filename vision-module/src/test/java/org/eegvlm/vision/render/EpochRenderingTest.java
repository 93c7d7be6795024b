package org.eegvlm.vision.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.UnknownChannelException;
import org.eegvlm.core.edf.EdfFormat;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.StageCodes;
import org.eegvlm.core.night.TextFormat;
import org.eegvlm.core.signal.Conditioning;
import org.eegvlm.core.signal.EpochSignals;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochRenderingTest {

    private static final SubjectSplit SPLIT = new SubjectSplit(1, 1, 0);
    private static final RenderSpec SPEC = RenderSpec.DEFAULT.withCanvas(new RenderSpec.Canvas(64, 64));

    @TempDir
    static Path shared;

    private static List<Night> nights;

    @TempDir
    Path folder;

    @BeforeAll
    static void simulateThreeNights() throws IOException {
        nights = new Simulation(new SimulationConfig(shared.resolve("raw"), 3, 20, 1), Progress.SILENT).run();
    }

    @Test
    void writesAPictureAndARowForEveryScoredEpoch() throws IOException {
        var report = render(2, Progress.SILENT);

        var manifest = EpochManifest.read(folder.resolve("epochs.jsonl"));
        assertThat(report.pictures()).isEqualTo(60);
        assertThat(manifest.records()).hasSize(60).allMatch(EpochRecord::simulated);
        for (var epoch : manifest.records()) {
            assertThat(Sha256.of(folder.resolve(epoch.image()))).isEqualTo(epoch.sha256());
        }
        assertThat(RenderSpec.read(folder.resolve("render.json"))).isEqualTo(SPEC);
    }

    @Test
    void tellsNoStageInFileNames() throws IOException {
        render(2, Progress.SILENT);

        assertThat(contents(folder).keySet())
                .filteredOn(name -> name.endsWith(".png"))
                .allMatch(name -> name.matches("eeg_images_(ft|eval)/SIM\\d{4}-\\d{4}\\.png"));
    }

    @Test
    void putsEvaluationSubjectsIntoTheirOwnFolder() throws IOException {
        render(2, Progress.SILENT);

        var manifest = EpochManifest.read(folder.resolve("epochs.jsonl"));
        assertThat(manifest.split(Split.EVAL))
                .hasSize(20)
                .allMatch(epoch -> epoch.image().startsWith("eeg_images_eval/"));
        assertThat(manifest.split(Split.TRAIN, Split.VALIDATION))
                .hasSize(40)
                .allMatch(epoch -> epoch.image().startsWith("eeg_images_ft/"));
    }

    @Test
    void writesTheSameBytesWithOneThreadAndWithThree() throws IOException {
        render(1, Progress.SILENT);
        var one = contents(folder);
        new EpochRendering(new RenderConfig(nights, folder, SPEC, SPLIT, 3, true), Progress.SILENT).run();

        assertThat(contents(folder)).isEqualTo(one);
    }

    @Test
    void goesOnAfterAKillAndEndsInTheSameBytes() throws IOException {
        assertThatThrownBy(() -> render(2, EpochRenderingTest::dieAfterTwoNights))
                .hasMessage("killed");
        assertThat(folder.resolve("epochs.jsonl")).doesNotExist();
        assertThat(folder.resolve("eeg_images_ft")).doesNotExist();

        render(2, Progress.SILENT);

        var resumed = contents(folder);
        new EpochRendering(new RenderConfig(nights, folder, SPEC, SPLIT, 2, true), Progress.SILENT).run();
        assertThat(resumed).isEqualTo(contents(folder));
    }

    @Test
    void replacesAFinishedOutputOnlyOnRequest() throws IOException {
        render(2, Progress.SILENT);

        assertThatThrownBy(() -> render(2, Progress.SILENT)).isInstanceOf(OutputExistsException.class);
    }

    @Test
    void listsTheChannelsThereAreWhenOneIsUnknown() {
        var spec = SPEC.withChannels(List.of("EEG Cz-Oz"));
        var config = new RenderConfig(nights, folder, spec, SPLIT, 2, false);

        assertThatThrownBy(() -> new EpochRendering(config, Progress.SILENT).run())
                .isInstanceOf(UnknownChannelException.class)
                .hasMessageContaining("EEG Fpz-Cz");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesFrequenciesThatARecordingLacksBeforeItBegins() {
        var look = SpectrogramLook.DEFAULT.withAxis(new SpectrogramLook.Axis(0, 60, false));
        var config = new RenderConfig(nights, folder, RenderSpec.SPECTROGRAM.with(look), SPLIT, 2, false);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EpochRendering(config, Progress.SILENT).run())
                .withMessageContaining("60.0 Hz");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesOutUnscoredEpochsOfTwentySecondsAndCountsThem() throws IOException {
        // 50 Hz, 4 epochs of 20 s; DREAMS writes a code every 5 s: 5 is wake, -1 unknown, 2 N2.
        var night = textNight("5\n5\n5\n5\n-1\n-1\n-1\n-1\n2\n2\n2\n2\n2\n2\n2\n2\n");
        var spec = SPEC.withEpochSeconds(20);

        var report = new EpochRendering(
                        new RenderConfig(List.of(night), folder, spec, SPLIT, 2, false), Progress.SILENT)
                .run();

        assertThat(report.unscored()).isEqualTo(1);
        assertThat(EpochManifest.read(folder.resolve("epochs.jsonl")).records())
                .extracting(EpochRecord::epoch, epoch -> epoch.stage().orElseThrow())
                .containsExactly(tuple(0, SleepStage.WAKE), tuple(2, SleepStage.N2), tuple(3, SleepStage.N2));
    }

    @Test
    void drawsOnlyTheWantedWakeAroundSleep() throws IOException {
        var night = textNight("5\n".repeat(8) + "2\n".repeat(4) + "5\n".repeat(4));
        var config = new RenderConfig(List.of(night), folder, SPEC.withEpochSeconds(20), SPLIT, 2, false)
                .withWake(Optional.of(Duration.ofSeconds(20)));

        var report = new EpochRendering(config, Progress.SILENT).run();

        assertThat(report.unscored()).isZero();
        assertThat(EpochManifest.read(folder.resolve("epochs.jsonl")).records())
                .extracting(EpochRecord::epoch)
                .containsExactly(1, 2, 3);
    }

    @Test
    void drawsAllWholeEpochsOfANightWithoutHypnogram() throws IOException {
        var scored = nights.get(0);
        var night = new Night(
                scored.subject(),
                scored.night(),
                scored.recording(),
                Optional.empty(),
                Optional.empty(),
                scored.epochLength(),
                Optional.of(Split.EVAL));

        new EpochRendering(new RenderConfig(List.of(night), folder, SPEC, SPLIT, 2, false), Progress.SILENT).run();

        assertThat(EpochManifest.read(folder.resolve("epochs.jsonl")).records())
                .hasSizeGreaterThanOrEqualTo(20)
                .allMatch(epoch -> epoch.stage().isEmpty());
    }

    @Test
    void drawsNoEpochAcrossAGap() throws IOException {
        // Recorded from 0 to 70 s and from 85 to 155 s: of five epochs the third has the gap in it.
        var night = Night.edf("GAP1", "gap1", interrupted(), Optional.empty());
        var everybody = new SubjectSplit(0, 0, 0);

        var report = new EpochRendering(
                        new RenderConfig(List.of(night), folder, SPEC, everybody, 2, false), Progress.SILENT)
                .run();

        assertThat(report.unscored()).isEqualTo(1);
        var manifest = folder.resolve("epochs.jsonl");
        var records = EpochManifest.read(manifest).records();
        assertThat(records).extracting(EpochRecord::epoch).containsExactly(0, 1, 3, 4);
        try (var signals = new EpochSignals(manifest)) {
            assertThat(signals.read(records.get(2), "EEG Fpz-Cz").microvolts()[0])
                    .isEqualTo(75);
        }
    }

    /** Its microvolts tell the recorded seconds. */
    private Path interrupted() throws IOException {
        var file = folder.resolve("gap1.edf");
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -200, 200, -200, 200, "", 500);
        var header = EdfHeader.plain("X", "X", LocalDateTime.of(2000, 1, 1, 22, 0), 5, List.of(signal))
                .withFormat(EdfFormat.EDF_D);
        var onsets = IntStream.range(0, 28)
                .mapToDouble(i -> 5 * i + (i < 14 ? 0 : 15))
                .toArray();
        try (var writer = EdfWriter.create(file, header, onsets, List.of())) {
            for (int record = 0; record < onsets.length; record++) {
                int first = 500 * record;
                writer.append(new int[][] {
                    IntStream.range(0, 500).map(i -> (first + i) / 100).toArray()
                });
            }
        }
        return file;
    }

    @Test
    void drawsConditionedDifferencesOfChannels() throws IOException {
        var conditioning = new Conditioning(Optional.of(0.3), Optional.of(35.0), 4, List.of(40.0), Optional.of(128.0));
        var spec = SPEC.withChannels(List.of("Fpz-Cz", "Fpz-Cz-Pz-Oz")).withConditioning(conditioning);

        new EpochRendering(new RenderConfig(nights, folder, spec, SPLIT, 2, false), Progress.SILENT).run();

        var written = RenderSpec.read(folder.resolve("render.json"));
        assertThat(written).isEqualTo(spec);
        assertThat(written.version()).isEqualTo(RenderSpec.CONDITIONED_VERSION);
        assertThat(EpochManifest.read(folder.resolve("epochs.jsonl")).records())
                .hasSize(60)
                .allMatch(epoch -> epoch.renderSpec().equals(spec.sha256()))
                .allMatch(epoch -> epoch.channels().equals(List.of("Fpz-Cz", "Fpz-Cz-Pz-Oz")));
    }

    @Test
    void writesTheSameManifestWithoutPicturesWhichAreDrawnAgain() throws IOException {
        var spec = RenderSpec.WAVEFORM
                .with(WaveformLook.DEFAULT.withNeighbours(1))
                .withCanvas(new RenderSpec.Canvas(96, 96));
        var written = renderedWithFiles(spec, true);
        var drawn = renderedWithFiles(spec, false);
        var records = EpochManifest.read(written).records();
        var some = List.of(records.get(59), records.get(0), records.get(30), records.get(0));

        try (var files = EpochImages.beside(written);
                var drawings = EpochImages.beside(drawn)) {
            assertThat(drawings.of(some)).isEqualTo(files.of(some));
        }
        assertThat(drawn).hasSameBinaryContentAs(written);
        assertThat(contents(drawn.resolveSibling(""))).containsOnlyKeys("epochs.jsonl", "render.json");
    }

    @Test
    void refusesARecordingThatGivesAnotherPictureThanTheManifestTells() throws IOException {
        var manifest = renderedWithFiles(SPEC, false);
        var first = EpochManifest.read(manifest).records().get(0);
        Files.writeString(manifest, Files.readString(manifest).replace(first.sha256(), "0".repeat(64)));
        var epochs = EpochManifest.read(manifest).records();

        try (var images = EpochImages.beside(manifest)) {
            assertThat(images.of(epochs.subList(1, 3))).hasSize(2);
            assertThatThrownBy(() -> images.of(epochs.subList(0, 3)))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("epoch " + first.id())
                    .hasMessageContaining("render again");
        }
    }

    @Test
    void refusesToDrawByAnotherSpec() throws IOException {
        var manifest = renderedWithFiles(SPEC, false);
        Json.write(manifest.resolveSibling("render.json"), RenderSpec.WAVEFORM);
        var epochs = EpochManifest.read(manifest).records();

        try (var images = EpochImages.beside(manifest)) {
            assertThatThrownBy(() -> images.of(epochs))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("another spec");
        }
    }

    private Path renderedWithFiles(RenderSpec spec, boolean files) throws IOException {
        var output = folder.resolve("files " + files);
        new EpochRendering(new RenderConfig(nights, output, spec, SPLIT, 2, false).withFiles(files), Progress.SILENT)
                .run();
        return output.resolve("epochs.jsonl");
    }

    @Test
    void writesASpecWithoutConditioningAsItAlwaysDid() {
        assertThat(Json.line(RenderSpec.DEFAULT.withConditioning(Conditioning.NONE)))
                .isEqualTo("{\"version\":1,\"channels\":[\"EEG Fpz-Cz\"],\"epoch_seconds\":30.0,"
                        + "\"canvas\":{\"width\":224,\"height\":224},"
                        + "\"trace\":{\"rows\":6,\"microvolts\":60.0,\"line_width\":0.67},\"grid\":true}");
    }

    @Test
    void refusesASpecThatHidesItsConditioning() {
        var conditioning = new Conditioning(Optional.of(0.3), Optional.empty(), 4, List.of(), Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RenderSpec(
                        RenderSpec.VERSION,
                        SPEC.channels(),
                        30,
                        SPEC.canvas(),
                        SPEC.trace(),
                        SPEC.grid(),
                        Optional.of(conditioning),
                        Optional.empty(),
                        Optional.empty()))
                .withMessage("this program draws such a render spec as version 2, not 1");
    }

    private RenderReport render(int threads, Progress progress) throws IOException {
        return new EpochRendering(new RenderConfig(nights, folder, SPEC, SPLIT, threads, false), progress).run();
    }

    private static void dieAfterTwoNights(String task, long done, long total, String note) {
        if (done == 40) {
            throw new IllegalStateException("killed");
        }
    }

    private Night textNight(String hypnogram) throws IOException {
        var samples = new StringBuilder();
        for (int i = 0; i < 80 * 50; i++) {
            samples.append(Math.round(40 * Math.sin(i / 9.0 + i * i * 1e-6))).append('\n');
        }
        var recording = Files.writeString(shared.resolve("excerpt1.txt"), samples);
        var scoring = Files.writeString(shared.resolve("hypnogram1.txt"), hypnogram);
        var format = new TextFormat(50, "EEG Fpz-Cz", "uV", StageCodes.DREAMS, Duration.ofSeconds(5));
        return new Night(
                "DREAMS1",
                "excerpt1",
                recording,
                Optional.of(scoring),
                Optional.of(format),
                Duration.ofSeconds(20),
                Optional.of(Split.TRAIN));
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
