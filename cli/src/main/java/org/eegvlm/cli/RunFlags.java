package org.eegvlm.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.finetune.config.ExecutionConfig;
import org.eegvlm.finetune.config.Parallelism;
import picocli.CommandLine.Option;

/** Where fine-tuning runs, and what it may replace. */
final class RunFlags {

    @Option(names = "--device", description = "cpu or cuda:N, or several: cuda:0,1 (cpu).")
    private String device = ExecutionConfig.DEFAULT.device();

    @Option(
            names = "--parallel",
            paramLabel = "data|layers",
            description = "How several devices share the work: the whole model on each, or some layers on each.")
    private Optional<String> parallel = Optional.empty();

    @Option(names = "--seed", description = "Decides order, dropout and first weights (42).")
    private long seed = ExecutionConfig.DEFAULT.seed();

    @Option(
            names = {"--overwrite", "--overwrite-output-dir"},
            arity = "0..1",
            fallbackValue = "true",
            description = "Replace a finished output (false).")
    private boolean overwrite;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            fallbackValue = "true",
            description = "Check everything, tell what would be done, and stop.")
    private boolean dry;

    @Option(names = "--config", paramLabel = "FILE", description = "Flags in YAML, by name; those given here win.")
    private Optional<Path> config = Optional.empty();

    boolean dry() {
        return dry;
    }

    /** The file whose flags {@link RunFile} has put among the others already. */
    Optional<Path> config() {
        return config;
    }

    ExecutionConfig execution() {
        var placed = parallel.map(Parallelism::named)
                .map(way -> ExecutionConfig.DEFAULT.withDevices(device, way))
                .orElseGet(() -> ExecutionConfig.DEFAULT.withDevice(device));
        return placed.withSeed(seed).withOverwrite(overwrite);
    }
}
