package org.eegvlm.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.llava.FeatureMode;
import picocli.CommandLine.Option;

/** What a fine-tuning run reads, and where it writes. */
final class FileFlags {

    @Option(names = "--model-name-or-path", description = "The base (models/nano-llava).")
    private Path model = Path.of("models/nano-llava");

    @Option(names = "--data-path", description = "Instruction data (sleep_data/eeg_ft.json).")
    private Path data = Path.of("sleep_data/eeg_ft.json");

    @Option(names = "--image-folder", description = "Its pictures (sleep_data/eeg_images_ft).")
    private Path images = Path.of("sleep_data/eeg_images_ft");

    @Option(names = "--features", description = "Feature rows (train_high_level_features.npy beside the data).")
    private Optional<Path> features = Optional.empty();

    @Option(names = "--output-dir", description = "Where the adapter goes (checkpoints/nano).")
    private Path output = Path.of("checkpoints/nano");

    RunPaths paths(FeatureMode mode) {
        return new RunPaths(
                model,
                SampleFiles.beside(data, images, features, "train_high_level_features.npy")
                        .readBy(mode),
                output);
    }

    Path output() {
        return output;
    }
}
