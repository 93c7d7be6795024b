package org.eegvlm.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.finetune.config.EvaluationConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.llava.FeatureMode;
import picocli.CommandLine.Option;

/** Whether a model is asked while it is trained. */
final class EvaluationFlags {

    @Option(
            names = {"--evaluation-strategy", "--eval-strategy"},
            description = "no, steps or epoch (no).")
    private String strategy = "no";

    @Option(names = "--eval-steps", description = "Steps between evaluations (50).")
    private int steps = 50;

    @Option(names = "--eval-data-path", description = "Samples of people that are not trained on, as in --data-path.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--eval-image-folder", description = "Their pictures (eeg_images_eval beside them).")
    private Optional<Path> images = Optional.empty();

    @Option(names = "--eval-features", description = "Their rows (eval_high_level_features.npy beside them).")
    private Optional<Path> features = Optional.empty();

    @Option(names = "--per-device-eval-batch-size", description = "Questions asked at once (4).")
    private int batchSize = EvaluationConfig.NEVER.batchSize();

    @Option(
            names = "--early-stopping-patience",
            description = "End after so many evaluations without a better one (never).")
    private Optional<Integer> patience = Optional.empty();

    EvaluationConfig evaluation(FeatureMode mode) {
        return new EvaluationConfig(
                Interval.named(strategy, steps), data.map(file -> samples(file, mode)), batchSize, patience);
    }

    private SampleFiles samples(Path file, FeatureMode mode) {
        var folder = images.orElse(file.resolveSibling("eeg_images_eval"));
        return SampleFiles.beside(file, folder, features, "eval_high_level_features.npy")
                .readBy(mode);
    }
}
