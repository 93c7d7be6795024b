package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.llava.write.ConversionConfig;
import org.eegvlm.llava.write.ModelConversion;
import org.eegvlm.llava.write.ModelLayout;
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

    @Mixin
    private WrittenModel written = new WrittenModel();

    @Option(
            names = "--layout",
            defaultValue = "original",
            description = "original, as LLaVA's authors have it, or hf, as transformers has it (${DEFAULT-VALUE}).")
    private ModelLayout layout = ModelLayout.ORIGINAL;

    @Override
    public Integer call() throws IOException {
        var config = new ConversionConfig(
                modelPath, written.output(), layout, written.type(), written.shardSize(), written.overwrite());
        try (var progress = terminal.progress()) {
            long bytes = new ModelConversion(config, progress).run();
            written.told(terminal, bytes);
        }
        return ExitCode.GOOD;
    }
}
