package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.llava.write.MergeConfig;
import org.eegvlm.llava.write.ModelMerge;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "merge",
        description = "Adds a LoRA adapter to the weights of its base: one model, as quick as the base.",
        footer = {
            "%nExamples:",
            "  eegvlm merge --model-path checkpoints/nano --output models/nano-tuned",
            "  eegvlm merge --model-path checkpoints/lora --model-base models/llava-v1.5-13b --output models/tuned"
        })
final class MergeCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(names = "--model-path", required = true, description = "A LoRA folder.")
    private Path modelPath = Path.of("");

    @Option(names = "--model-base", description = "What it was trained on (what the folder names).")
    private Optional<Path> modelBase = Optional.empty();

    @Mixin
    private WrittenModel written = new WrittenModel();

    @Override
    public Integer call() throws IOException {
        var config = new MergeConfig(
                modelPath, modelBase, written.output(), written.type(), written.shardSize(), written.overwrite());
        try (var progress = terminal.progress()) {
            long bytes = new ModelMerge(config, progress).run();
            written.told(terminal, bytes);
        }
        return ExitCode.GOOD;
    }
}
