package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.checkpoint.StoredType;
import org.eegvlm.llava.MergeConfig;
import org.eegvlm.llava.ModelMerge;
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

    @Option(names = "--output", required = true, description = "Folder to write.")
    private Path output = Path.of("");

    @Option(
            names = "--dtype",
            defaultValue = "keep",
            description = "Type of all tensors: fp32, bf16, fp16; or keep, each as the base has it (${DEFAULT-VALUE}).")
    private String dtype = "";

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            converter = ByteCount.class,
            defaultValue = "5GB",
            description = "The most weights in one file (${DEFAULT-VALUE}).")
    private long shardSize;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var config = new MergeConfig(modelPath, modelBase, output, StoredType.asked(dtype), shardSize, overwrite);
        try (var progress = terminal.progress()) {
            long bytes = new ModelMerge(config, progress).run();
            terminal.print("%.2f GB of weights in %s", bytes / 1e9, output);
        }
        return ExitCode.GOOD;
    }
}
