package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From nights to features out of fold, and their map. */
class VisionCommandsTest {

    @TempDir
    Path folder;

    @Test
    @Tag("recipe")
    void exportsAndMapsFeaturesOutOfFold() throws IOException {
        var raw = folder.resolve("raw");
        var data = folder.resolve("data");
        var manifest = data.resolve("epochs.jsonl");
        var vision = folder.resolve("vision");
        run("simulate", "--output", raw, "--subjects", 3, "--epochs", 20);
        run("render", "--source", raw, "--output", data, "--validation-subjects", 1, "--eval-subjects", 0);
        run(
                "train-vision",
                "--manifest",
                manifest,
                "--output",
                vision,
                "--picture-size",
                32,
                "--passes",
                1,
                "--folds",
                2);

        run("export-features", "--manifest", manifest, "--vision", vision, "--out-of-fold");
        run("map-features", "--manifest", manifest, "--output", folder.resolve("features.svg"));

        var sidecar = Json.readTree(data.resolve("train_high_level_features.json"));
        assertThat(sidecar.path("out_of_fold").path("encoders")).hasSize(3);
        assertThat(data.resolve("eval_high_level_features.npy")).doesNotExist();
        assertThat(folder.resolve("features.svg")).content().contains("train_high_level_features.npy");
    }

    private static void run(Object... arguments) {
        var run = CommandRun.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }
}
