package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.finetune.config.DeepSpeedFile;
import org.eegvlm.finetune.config.PrecisionConfig;
import picocli.CommandLine.Option;

/** How much memory and time fine-tuning may take. */
final class PrecisionFlags {

    @Option(
            names = "--bf16",
            arity = "0..1",
            fallbackValue = "true",
            description = "The base is held and computed in bfloat16 (false: float32).")
    private boolean bfloat16;

    @Option(names = "--bits", description = "16, or 4 to hold the decoder's projections in NF4 (16).")
    private int bits = 16;

    @Option(
            names = "--gradient-checkpointing",
            arity = "0..1",
            fallbackValue = "true",
            description = "Keep each layer's input alone, and compute it again: less memory, more time (true).")
    private boolean checkpointing = PrecisionConfig.DEFAULT.checkpointing();

    @Option(
            names = "--deepspeed",
            paramLabel = "FILE",
            description = "Read for its gradient_clipping; the rest is told.")
    private Optional<Path> deepSpeed = Optional.empty();

    PrecisionConfig precision() {
        if (bits != 16 && bits != 4) {
            throw new IllegalArgumentException("--bits %d is not here: 16 and 4 are".formatted(bits));
        }
        return new PrecisionConfig(LoadOptions.type(bfloat16 ? "bf16" : "fp32"), bits == 4, checkpointing);
    }

    /** What the file says that has a meaning without several processes; nothing where none is given. */
    Optional<DeepSpeedFile> deepSpeed() throws IOException {
        return deepSpeed.isEmpty() ? Optional.empty() : Optional.of(DeepSpeedFile.read(deepSpeed.get()));
    }
}
