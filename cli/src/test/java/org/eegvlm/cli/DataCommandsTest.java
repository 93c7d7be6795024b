package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code split} and {@code check}, on four subjects with a picture each. */
class DataCommandsTest {

    @TempDir
    Path folder;

    private Path manifest = Path.of("");

    @BeforeEach
    void render() throws IOException {
        manifest = folder.resolve("epochs.jsonl");
        Files.createDirectories(folder.resolve("eeg_images_ft"));
        Files.createDirectories(folder.resolve("eeg_images_eval"));
        Files.writeString(folder.resolve("render.json"), "{}");
        write(
                epoch("a-0", "a", Split.TRAIN),
                epoch("b-0", "b", Split.TRAIN),
                epoch("c-0", "c", Split.VALIDATION),
                epoch("d-0", "d", Split.EVAL));
    }

    @Test
    void splitsIntoFoldsThatPassTheCheck() {
        var split = CommandRun.of("split", "--manifest", manifest, "--folds", 2, "--output", folder.resolve("folds"));
        assertThat(split.exitCode()).as(split.err()).isZero();
        assertThat(split.out().lines()).hasSize(2).allMatch(line -> line.contains("1 to choose among models"));

        var check = CommandRun.of("check", "--manifest", folder.resolve("folds/fold-2/epochs.jsonl"));
        assertThat(check.exitCode()).as(check.out()).isZero();
        assertThat(check.out()).contains("good pictures: 4, read").doesNotContain("BAD");
    }

    @Test
    void wantsToKnowWhomToEvaluate() {
        var run = CommandRun.of("split", "--manifest", manifest, "--output", folder.resolve("folds"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--folds").contains("--leave-one-out");
    }

    @Test
    void endsWithThreeWhereASubjectIsInTwoSplits() throws IOException {
        write(epoch("a-0", "a", Split.TRAIN), epoch("a-1", "a", Split.EVAL));
        var run = CommandRun.of("check", "--manifest", manifest);
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.out()).contains("BAD  subjects").contains("subject a is in two splits, TRAIN and EVAL");
    }

    @Test
    void tellsTheSameAsJson() throws IOException {
        write(epoch("a-0", "a", Split.TRAIN), epoch("a-1", "a", Split.EVAL));
        var run = CommandRun.of("check", "--manifest", manifest, "--json", "--quick");
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        var report = Json.MAPPER.readTree(run.out());
        assertThat(report.at("/checks/0/problems/0").asText()).startsWith("subject a is in two splits");
        assertThat(report.at("/checks/2/found").asText()).isEqualTo("2, by the manifest's hashes alone");
    }

    @Test
    void callsAModelUnknownThatSaysNothing() throws IOException {
        var model = Files.createDirectories(folder.resolve("model"));
        var run = CommandRun.of("check", "--manifest", manifest, "--model", model);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("unknown %s: a model that does not say whom it has seen".formatted(model));
    }

    @Test
    void refusesAModelThatIsNotThere() {
        var run = CommandRun.of("check", "--manifest", manifest, "--model", folder.resolve("typo"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("there is no model folder");
    }

    @Test
    void keepsNamesOfStrangersFromSteeringTheTerminal() throws IOException {
        write(epoch("a-0", "a\u001b[2J", Split.TRAIN), epoch("a-1", "a\u001b[2J", Split.EVAL));
        var run = CommandRun.of("check", "--manifest", manifest);
        assertThat(run.out()).contains("subject a?[2J is in two splits").doesNotContain("\u001b");
    }

    private void write(EpochRecord... epochs) throws IOException {
        for (var epoch : epochs) {
            Files.writeString(folder.resolve(epoch.image()), epoch.id());
        }
        Json.writeLines(manifest, List.of(epochs));
    }

    private static EpochRecord epoch(String id, String subject, Split split) {
        return new EpochRecord(
                id,
                subject,
                id.replace("-", ""),
                0,
                0,
                30,
                Optional.of(SleepStage.N2),
                split,
                split.pictureFolder() + "/" + id + ".png",
                Sha256.of(id.getBytes(StandardCharsets.UTF_8)),
                "spec",
                "raw/" + id + ".edf",
                Optional.empty(),
                List.of("EEG Fpz-Cz"),
                true);
    }
}
