package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.eval.VqaConfig;
import org.eegvlm.eval.VqaEvaluator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "model-vqa",
        description = "Asks a LLaVA about pictures: a file of questions in, a file of answers out.",
        footer = {
            "%nExamples:",
            "  eegvlm model-vqa --model-path checkpoints/nano --model-base models/nano-llava",
            "  eegvlm model-vqa --model-path checkpoints/nano --feature-mode shuffle --answers-file shuffled.jsonl"
        })
final class ModelVqaCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--question-file",
            defaultValue = "sleep_data/eeg_eval.jsonl",
            description = "What to ask (${DEFAULT-VALUE}).")
    private Path questionFile = Path.of("");

    @Option(
            names = "--image-folder",
            defaultValue = "sleep_data/eeg_images_eval",
            description = "Its pictures (${DEFAULT-VALUE}).")
    private Path imageFolder = Path.of("");

    @Option(
            names = "--answers-file",
            defaultValue = "sleep_data/answers/eeg_answers.jsonl",
            description = "Where the answers go (${DEFAULT-VALUE}).")
    private Path answersFile = Path.of("");

    @Option(names = "--features", description = "Feature rows (eval_high_level_features.npy beside the questions).")
    private Optional<Path> features = Optional.empty();

    @Option(names = "--feature-mode", description = "fuse, token, off, zero or shuffle (as trained).")
    private Optional<String> featureMode = Optional.empty();

    @Option(names = "--conv-mode", paramLabel = "TEMPLATE", description = "The prompt template (as trained).")
    private Optional<String> conversation = Optional.empty();

    @Option(names = "--batch", defaultValue = "16", description = "Questions asked together (${DEFAULT-VALUE}).")
    private int batch;

    @Mixin
    private GenerationFlags generation = new GenerationFlags();

    @Mixin
    private TowerCacheFlags towerCache = new TowerCacheFlags();

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Of what is drawn, and of the feature mode shuffle (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var asked = new VqaConfig.Model(model.path(), model.base(), model.load(), conversation);
        var data = new VqaConfig.Data(questionFile, imageFolder, features, featureMode, seed);
        var config = new VqaConfig(asked, data, answersFile, batch, generation.options(seed), overwrite);
        generation.noteWhatIsInVain(terminal);
        try (var progress = terminal.progress()) {
            var report = new VqaEvaluator(config, towerCache.cache(), progress).run();
            terminal.print(
                    "%d answers in %s (features: %s)",
                    report.questions(), answersFile, report.mode().label());
        }
        return ExitCode.GOOD;
    }
}
