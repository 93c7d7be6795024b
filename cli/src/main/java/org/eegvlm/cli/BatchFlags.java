package org.eegvlm.cli;

import java.util.Optional;
import org.eegvlm.finetune.config.BatchConfig;
import picocli.CommandLine.Option;

/** How samples go through fine-tuning. */
final class BatchFlags {

    @Option(names = "--per-device-train-batch-size", description = "Samples a batch, on each replica (16).")
    private int size = BatchConfig.DEFAULT.size();

    @Option(names = "--gradient-accumulation-steps", description = "Batches a step (1).")
    private int accumulation = BatchConfig.DEFAULT.accumulation();

    @Option(names = "--num-train-epochs", description = "Passes over the data (2).")
    private double passes = BatchConfig.DEFAULT.passes();

    @Option(names = "--max-steps", description = "Ends the training there, whatever the passes; -1: does not (-1).")
    private int maxSteps = -1;

    @Option(
            names = "--group-by-modality-length",
            arity = "0..1",
            fallbackValue = "true",
            description = "Samples with pictures and without do not share a batch (false).")
    private boolean byModality;

    BatchConfig batch() {
        var steps = maxSteps == -1 ? Optional.<Integer>empty() : Optional.of(maxSteps);
        return new BatchConfig(size, accumulation, passes, steps, byModality);
    }
}
