package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.checkpoint.StoredType;
import org.eegvlm.llava.ConversionConfig;
import org.eegvlm.llava.ModelConversion;
import org.eegvlm.llava.ModelLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "convert",
        description = "Writes a LLaVA-1.5 or Llama as safetensors, in the original layout or in that of transformers.",
        footer = {
            "%nExamples:",
            "  eegvlm convert --model-path models/llava-v1.5-7b --output models/llava-7b-hf --layout hf",
            "  eegvlm convert --model-path models/stories260K.bin --output models/stories --dtype bf16"
        })
final class ConvertCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(names = "--model-path", required = true, description = "A model folder, or a llama2.c .bin file.")
    private Path modelPath = Path.of("");

    @Option(names = "--output", required = true, description = "Folder to write.")
    private Path output = Path.of("");

    @Option(
            names = "--layout",
            defaultValue = "original",
            description = "original, as LLaVA's authors have it, or hf, as transformers has it (${DEFAULT-VALUE}).")
    private ModelLayout layout = ModelLayout.ORIGINAL;

    @Option(
            names = "--dtype",
            defaultValue = "keep",
            description = "Type of all tensors: fp32, bf16, fp16; or keep, each as it is (${DEFAULT-VALUE}).")
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
        var config = new ConversionConfig(modelPath, output, layout, StoredType.asked(dtype), shardSize, overwrite);
        try (var progress = terminal.progress()) {
            long bytes = new ModelConversion(config, progress).run();
            terminal.print("%.2f GB of weights in %s", bytes / 1e9, output);
        }
        return ExitCode.GOOD;
    }
}
