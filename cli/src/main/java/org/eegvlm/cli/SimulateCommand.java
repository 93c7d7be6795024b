package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "simulate",
        description = "Writes simulated nights: EDF recordings and EDF+ hypnograms, laid out like Sleep-EDF's.",
        footer = {
            "%nExamples:",
            "  eegvlm simulate --subjects 12 --epochs 110",
            "  eegvlm simulate --output /data/simulated --seed 7"
        })
final class SimulateCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--output",
            defaultValue = "sleep_data/raw",
            description = "Folder for the files (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(names = "--subjects", defaultValue = "12", description = "One night each (${DEFAULT-VALUE}).")
    private int subjects;

    @Option(names = "--epochs", defaultValue = "110", description = "Epochs of 30 s in each night (${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "The same seed gives the same files (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        try (var progress = terminal.progress()) {
            var config = new SimulationConfig(output, subjects, epochs, seed, overwrite);
            var nights = new Simulation(config, progress).run();
            terminal.print("%d simulated nights in %s", nights.size(), output);
        }
        return ExitCode.GOOD;
    }
}
