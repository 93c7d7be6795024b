package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.night.Scorings;
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
            "  eegvlm simulate --hypnograms sleep-edf/hypnograms --output /data/simulated --seed 7"
        })
final class SimulateCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--output",
            defaultValue = "sleep_data/raw",
            description = "Folder for the files (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(names = "--subjects", description = "One night each (12).")
    private Optional<Integer> subjects = Optional.empty();

    @Option(names = "--epochs", description = "Epochs of 30 s in each night (110).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(
            names = "--hypnograms",
            split = ",",
            paramLabel = "FILE|DIR",
            description = "Scorings that the nights follow, one each, instead of --subjects and --epochs.")
    private List<Path> hypnograms = List.of();

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
            var nights = new Simulation(config(), progress).run();
            terminal.print("%d simulated nights in %s", nights.size(), output);
        }
        return ExitCode.GOOD;
    }

    private SimulationConfig config() throws IOException {
        if (hypnograms.isEmpty()) {
            return new SimulationConfig(output, subjects.orElse(12), epochs.orElse(110), List.of(), seed, overwrite);
        }
        if (subjects.isPresent() || epochs.isPresent()) {
            throw new IllegalArgumentException("--hypnograms tell how many nights there are, and how long they last; "
                    + "leave out --subjects and --epochs");
        }
        var files = new ArrayList<Path>();
        for (var given : hypnograms) {
            files.addAll(Scorings.in(given));
        }
        return SimulationConfig.driven(output, files, seed, overwrite);
    }
}
