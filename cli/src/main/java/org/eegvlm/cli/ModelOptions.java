package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.llava.LlavaModel;
import picocli.CommandLine.Option;

/** Which model, and how it is put into memory: the same words in every command that asks one. */
final class ModelOptions {

    @Option(
            names = "--model-path",
            defaultValue = "checkpoints/nano",
            description = "A full model, or a LoRA folder (${DEFAULT-VALUE}).")
    private Path path = Path.of("");

    @Option(names = "--model-base", description = "What a LoRA folder was trained on (what the folder names).")
    private Optional<Path> base = Optional.empty();

    @Option(
            names = "--device",
            defaultValue = "cpu",
            description = "cpu, cuda:N, or cuda:0,1 to spread the layers (${DEFAULT-VALUE}).")
    private String device = "";

    @Option(
            names = "--dtype",
            defaultValue = "fp32",
            description = "fp32, bf16 or fp16: how weights are held and computed with (${DEFAULT-VALUE}).")
    private String dtype = "";

    @Option(names = "--load-4bit", description = "Hold the decoder's projections in four bits (NF4).")
    private boolean fourBit;

    Path path() {
        return path;
    }

    Optional<Path> base() {
        return base;
    }

    LoadOptions load() {
        var options = LoadOptions.on(device).withType(LoadOptions.type(dtype));
        return fourBit ? options.with4Bit() : options;
    }

    LlavaModel open() throws IOException {
        return LlavaModel.open(path, base, load());
    }
}
