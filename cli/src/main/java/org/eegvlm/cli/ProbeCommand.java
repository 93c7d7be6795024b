package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.eval.ProbeConfig;
import org.eegvlm.eval.Prober;
import org.eegvlm.eval.VqaConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "probe",
        description = {
            "Writes what a model computes for each question, to compare it with other implementations.",
            "Prints one line of JSON a question: question_id, input_ids (-200 where a picture goes), and greedy_ids,"
                    + " which are the new tokens alone, with the end token where one came."
        },
        footer = {
            "%nExamples:",
            "  eegvlm probe --model-path llava-v1.5-7b --question-file q.jsonl --image-folder png --logits out.npy",
            "  eegvlm probe --model-path SmolLM2-135M --question-file q.jsonl --logits out.npy --generate 64"
        })
final class ProbeCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--question-file",
            required = true,
            description = "Lines of JSON: question_id, text, and image (a name, a list of names, or none).")
    private Path questionFile = Path.of("");

    @Option(names = "--image-folder", description = "Its pictures (none, if no question names one).")
    private Optional<Path> imageFolder = Optional.empty();

    @Option(
            names = "--features",
            paramLabel = "F.npy",
            description = "A feature row for each question, by the ids beside it, else by feature_index or place.")
    private Optional<Path> features = Optional.empty();

    @Option(names = "--feature-mode", description = "fuse, token or off (fuse where there are features).")
    private Optional<String> featureMode = Optional.empty();

    @Option(
            names = "--conv-mode",
            paramLabel = "TEMPLATE",
            description = "The prompt template (as trained, else v1, or Llama 3's where its tokens are known).")
    private Optional<String> conversation = Optional.empty();

    @Option(
            names = "--logits",
            required = true,
            paramLabel = "OUT.npy",
            description = "Where the last position's logits go, float32 [questions, vocabulary].")
    private Path logits = Path.of("");

    @Option(
            names = "--generate",
            defaultValue = "0",
            paramLabel = "N",
            description = "How many tokens to decode greedily (none).")
    private int newTokens;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var asked = new VqaConfig.Model(model.path(), model.base(), model.load(), conversation);
        var data = new ProbeConfig.Data(questionFile, imageFolder, features, featureMode);
        var config = new ProbeConfig(asked, data, logits, newTokens, overwrite);
        new Prober(config).run(line -> terminal.print("%s", line));
        return ExitCode.GOOD;
    }
}
