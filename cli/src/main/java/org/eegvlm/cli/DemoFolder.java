package org.eegvlm.cli;

import java.nio.file.Path;
import org.eegvlm.llava.FeatureMode;

/** Where the demo keeps what: the published file names, under one folder. */
record DemoFolder(Path root) {

    Path data() {
        return root.resolve("sleep_data");
    }

    Path raw() {
        return data().resolve("raw");
    }

    Path manifest() {
        return data().resolve("epochs.jsonl");
    }

    Path trainPictures() {
        return data().resolve("eeg_images_ft");
    }

    Path evalPictures() {
        return data().resolve("eeg_images_eval");
    }

    Path samples() {
        return data().resolve("eeg_ft.json");
    }

    Path questions() {
        return data().resolve("eeg_eval.jsonl");
    }

    Path trainFeatures() {
        return data().resolve("train_high_level_features.npy");
    }

    Path evalFeatures() {
        return data().resolve("eval_high_level_features.npy");
    }

    Path vision() {
        return root.resolve("runs/vision");
    }

    Path base() {
        return root.resolve("models/nano-llava");
    }

    /** The adapter that was trained with this feature mode. */
    Path checkpoint(FeatureMode mode) {
        return root.resolve(mode == FeatureMode.FUSE ? "checkpoints/nano" : "checkpoints/nano-" + mode.label());
    }

    /** What is there when, and only when, that adapter is finished. */
    Path adapterConfig(FeatureMode mode) {
        return checkpoint(mode).resolve("adapter_config.json");
    }

    /** Where the modes share what the tower makes of pictures. */
    Path towerCache() {
        return root.resolve("tower-cache");
    }

    /** What the model of {@link #checkpoint} answered. */
    Path answers(FeatureMode mode) {
        return mode == FeatureMode.FUSE
                ? data().resolve("answers/eeg_answers.jsonl")
                : predictions("llava-" + mode.label());
    }

    /** What anybody else answered. */
    Path predictions(String who) {
        return root.resolve("runs").resolve(who.replaceAll("\\W+", "-")).resolve("predictions.jsonl");
    }

    Path metrics() {
        return data().resolve("answers/metrics.json");
    }

    Path report() {
        return root.resolve("report.html");
    }

    Path summary() {
        return root.resolve("summary.json");
    }
}
