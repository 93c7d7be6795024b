package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.eegvlm.core.io.Json;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.tensor.NpyFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong: one line that tells it, the exit code of its kind, and nothing that looks finished. */
@Tag("recipe")
class BadInputTest {
    private static DemoFolder demo;

    @TempDir
    private Path fresh;

    private Path data;
    private Path output;

    @BeforeAll
    static void runDemo(@TempDir Path root) throws IOException {
        demo = new DemoFolder(root.resolve("demo"));
        for (var step : TinyDemo.in(demo.root()).steps()) {
            step.work().run();
        }
    }

    @BeforeEach
    void copyData() throws IOException {
        data = fresh.resolve("sleep_data");
        output = fresh.resolve("output");
        copy(demo.data(), data);
    }

    @Test
    void aMissingRecording() {
        var run = CommandRun.of("stage", fresh.resolve("none.edf"), "--model", demo.root(), "--out", output);

        assertRefused(run, ExitCode.USAGE, "none.edf");
    }

    @Test
    void aTruncatedRecording() throws IOException {
        cut(psg(), 5000);

        assertRefused(
                render("EEG Fpz-Cz"), ExitCode.BAD_DATA, psg().getFileName().toString(), "byte");
    }

    @Test
    void aHypnogramOfAnotherRecording() throws IOException {
        overwrite(hypnogram(), "03.00.00", 176); // the start time's place in an EDF header

        assertRefused(
                render("EEG Fpz-Cz"),
                ExitCode.BAD_DATA,
                hypnogram().getFileName().toString());
    }

    @Test
    void anUnknownStageLabel() throws IOException {
        replace(hypnogram(), "Sleep stage 2", "Sleep stage 9");

        assertRefused(
                render("EEG Fpz-Cz"),
                ExitCode.BAD_DATA,
                hypnogram().getFileName().toString(),
                "Sleep stage 9");
    }

    @Test
    void anUnknownChannel() {
        assertRefused(render("EEG Xy"), ExitCode.USAGE, "EEG Xy", "EEG Fpz-Cz");
    }

    @Test
    void featuresOfOtherSamples() throws IOException {
        var sidecar = data.resolve("train_high_level_features.json");
        Files.writeString(sidecar, Files.readString(sidecar).replaceFirst("\"SIM[0-9]+-[0-9]+\"", "\"somebody-0000\""));

        assertRefused(fineTune(), ExitCode.BAD_DATA, "train_high_level_features", "no row for sample");
    }

    @Test
    void tooFewFeatures() throws IOException {
        writeFeatures(1, 1, 1024);

        assertRefused(fineTune(), ExitCode.BAD_DATA, "train_high_level_features", "1 rows");
    }

    @Test
    void featuresOfAnotherShape() throws IOException {
        writeFeatures(4, 1, 512);

        assertRefused(fineTune(), ExitCode.BAD_DATA, "[4, 1, 512]");
    }

    @Test
    void featuresOfAnotherType() throws IOException {
        replace(data.resolve("train_high_level_features.npy"), "<f4", "<i4");

        assertRefused(fineTune(), ExitCode.BAD_DATA, "train_high_level_features", "i4");
    }

    @Test
    void twoTagsAndOnePicture() throws IOException {
        var samples = data.resolve("eeg_ft.json");
        var text = Files.readString(samples, StandardCharsets.UTF_8);
        Files.writeString(samples, text.replaceFirst("(\"image\"\\s*:\\s*\\[\\s*\"[^\"]+\")\\s*,\\s*\"[^\"]+\"", "$1"));

        assertRefused(fineTune(), ExitCode.BAD_DATA, "eeg_ft.json");
    }

    @Test
    void aModelWithoutOneOfItsTensors() throws IOException {
        var base = fresh.resolve("base");
        copy(demo.base(), base);
        replace(base.resolve("model.safetensors"), "model.norm.weight", "model.norn.weight");

        var run = ask("--model-path", base, "--answers-file", output, "--feature-mode", "off");

        assertRefused(run, ExitCode.BAD_DATA, "model.norm.weight");
    }

    @Test
    void anOutputThatIsThereAlready() {
        var run = ask("--model-path", demo.base(), "--answers-file", data.resolve("answers/eeg_answers.jsonl"));

        assertRefused(run, ExitCode.USAGE, "--overwrite");
    }

    @Test
    void aSubjectInTwoSplits() throws IOException {
        var manifest = data.resolve("epochs.jsonl");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("\"split\":\"train\"", "\"split\":\"eval\""));

        var run = CommandRun.of("train-vision", "--manifest", manifest, "--output", output);

        assertRefused(run, ExitCode.BAD_DATA, "two splits");
    }

    @Test
    void aVisionModuleThatHasSeenAnEvaluationSubject() throws IOException {
        var seen = Json.readTree(demo.checkpoint(FeatureMode.FUSE).resolve("eegvlm.json"))
                .get("encoder_subjects")
                .get(0)
                .asText();
        var manifest = data.resolve("epochs.jsonl");
        var lines = Files.readAllLines(manifest).stream()
                .map(line -> line.contains("\"subject\":\"" + seen + "\"")
                        ? line.replaceFirst("\"split\":\"\\w+\"", "\"split\":\"eval\"")
                        : line)
                .toList();
        Files.write(manifest, lines);

        var run =
                CommandRun.of("export-features", "--manifest", manifest, "--vision", demo.vision(), "--output", output);

        assertRefused(run, ExitCode.BAD_DATA, seen, "vision module");
    }

    private void assertRefused(CommandRun run, int exitCode, String... told) {
        assertThat(run.err().strip()).startsWith("eegvlm: ").contains(told).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(output)
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path.resolve("epochs.jsonl")).doesNotExist());
    }

    private CommandRun render(String channel) {
        return CommandRun.of(
                "render",
                "--source",
                data.resolve("raw"),
                "--output",
                output,
                "--channels",
                channel,
                "--eval-subjects",
                1);
    }

    private CommandRun fineTune() {
        return CommandRun.of(
                "finetune",
                "--model-name-or-path",
                demo.base(),
                "--data-path",
                data.resolve("eeg_ft.json"),
                "--image-folder",
                data.resolve("eeg_images_ft"),
                "--output-dir",
                output,
                "--max-steps",
                1);
    }

    private CommandRun ask(Object... arguments) {
        var words = Stream.concat(
                Stream.of(
                        "model-vqa",
                        "--question-file",
                        data.resolve("eeg_eval.jsonl"),
                        "--image-folder",
                        data.resolve("eeg_images_eval")),
                Stream.of(arguments));
        return CommandRun.of(words.toArray());
    }

    private void writeFeatures(int rows, int slots, int width) throws IOException {
        var npy = data.resolve("train_high_level_features.npy");
        Files.delete(npy);
        NpyFile.write(npy, new long[] {rows, slots, width}, new float[rows * slots * width]);
    }

    private Path psg() throws IOException {
        return raw("-PSG.edf");
    }

    private Path hypnogram() throws IOException {
        return raw("-Hypnogram.edf");
    }

    private Path raw(String ending) throws IOException {
        try (var files = Files.list(data.resolve("raw"))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void cut(Path file, int bytes) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
    }

    private static void overwrite(Path file, String text, int at) throws IOException {
        var bytes = Files.readAllBytes(file);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, text.length());
        Files.write(file, bytes);
    }

    /** Replaces text of the same length in a binary file. */
    private static void replace(Path file, String old, String fresh) throws IOException {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Files.write(file, text.replace(old, fresh).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
