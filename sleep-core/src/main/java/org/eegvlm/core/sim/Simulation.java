package org.eegvlm.core.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Nights;

/**
 * Simulates nights of sleep: for each subject a PSG and a hypnogram that look like Sleep-EDF's, and say in their headers
 * that they are simulated. What each stage contains is told by {@code Background}, {@code Wave} and {@code WaveScript};
 * what the scorer sees, by {@code NightPlan}. Not a model of anybody's brain: it is for trying the software, and a score
 * reached on it says nothing about people.
 */
public final class Simulation {

    private static final String SETTINGS = "simulation.json";

    private final SimulationConfig config;
    private final Progress progress;

    public Simulation(SimulationConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /** What made the nights; lies beside them. */
    private record Settings(boolean simulated, int subjects, int epochsPerNight, long seed) {}

    /**
     * Writes the nights into {@link SimulationConfig#output()} and tells where they are. A run that was killed goes on
     * where it was.
     *
     * @throws org.eegvlm.core.io.OutputExistsException if the folder exists and may not be replaced
     */
    public List<Night> run() throws IOException {
        var output = Output.begin(config.output(), config.overwrite());
        prepare(output.partial());
        for (int subject = 1; subject <= config.subjects(); subject++) {
            simulate(subject, new NightFiles(output.partial(), subject));
            progress.at("simulating nights", subject, config.subjects(), "");
        }
        output.finish();
        return Nights.in(config.output());
    }

    /** Keeps what a killed run of the same settings has left, and nothing else. */
    private void prepare(Path partial) throws IOException {
        var settings = new Settings(true, config.subjects(), config.epochsPerNight(), config.seed());
        var file = partial.resolve(SETTINGS);
        if (Files.exists(file) && settings.equals(Json.read(file, Settings.class))) {
            return;
        }
        Output.deleteTree(partial);
        Files.createDirectories(partial);
        Json.write(file, settings);
    }

    private void simulate(int number, NightFiles files) throws IOException {
        if (files.exist()) {
            return;
        }
        var chance = new Chance(config.seed(), number);
        var subject = SimulatedSubject.draw(chance);
        var plan = NightPlan.draw(config.epochsPerNight(), chance);
        files.write(plan, NightSignals.draw(plan, subject, chance));
    }
}
