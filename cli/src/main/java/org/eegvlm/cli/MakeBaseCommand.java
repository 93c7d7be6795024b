package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "make-base",
        description = "Makes nano-llava: a LLaVA-1.5 of a few million parameters that knows nothing of EEG.",
        footer = {
            "%nExamples:",
            "  eegvlm make-base --output models/nano-llava",
            "  eegvlm make-base --output models/nano-llava-7 --seed 7"
        })
final class MakeBaseCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--output",
            defaultValue = "models/nano-llava",
            description = "Folder of the model (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "The same seed gives the same files (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        NanoLlava.create(NanoConfig.of(output, seed, overwrite));
        terminal.print("base in %s", output);
        return ExitCode.GOOD;
    }
}
