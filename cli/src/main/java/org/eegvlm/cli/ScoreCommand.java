package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "score",
        description = "Compares answers with the human scorer: accuracy, macro-F1, Cohen's kappa, confusion matrix.",
        footer = {
            "%nExamples:",
            "  eegvlm score --answers-file sleep_data/answers/eeg_answers.jsonl",
            "  eegvlm score --answers-file runs/vision/predictions.jsonl --output vision-metrics.json"
        })
final class ScoreCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--answers-file",
            defaultValue = "sleep_data/answers/eeg_answers.jsonl",
            description = "What was answered (${DEFAULT-VALUE}).")
    private Path answersFile = Path.of("");

    @Option(names = "--output", description = "Where to write the figures (metrics.json beside the answers).")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var target = output.orElse(answersFile.resolveSibling("metrics.json"));
        if (Files.exists(target) && !overwrite) {
            throw new OutputExistsException(target);
        }
        var scores = Scores.of(Answer.readAll(answersFile));
        scores.write(target);
        terminal.print("%s", scores.table());
        terminal.print("written to %s", target);
        return ExitCode.GOOD;
    }
}
