package org.eegvlm.core.sim;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Nights;
import org.eegvlm.core.night.Scorings;
import org.jspecify.annotations.Nullable;

/**
 * Simulates nights of sleep: for each subject a PSG and a hypnogram that look like Sleep-EDF's, and say in their headers
 * that they are simulated. What each stage contains is told by {@code Background}, {@code Wave} and {@code WaveScript};
 * what the scorer sees, by {@code NightPlan}, or by a given hypnogram, which comes out as it went in. Not a model of anybody's brain: it is for trying the software, and a score
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
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Settings(
            boolean simulated,
            int subjects,
            int epochsPerNight,
            @Nullable List<String> hypnograms,
            long seed) {
        Settings {
            hypnograms = hypnograms == null ? List.of() : List.copyOf(hypnograms); // an empty list is not written
        }
    }

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
        var settings = settings();
        var file = partial.resolve(SETTINGS);
        if (Files.exists(file) && settings.equals(Json.read(file, Settings.class))) {
            return;
        }
        Output.deleteTree(partial);
        Files.createDirectories(partial);
        Json.write(file, settings);
    }

    private Settings settings() throws IOException {
        var digests = new ArrayList<String>();
        for (var hypnogram : config.hypnograms()) {
            digests.add(Sha256.of(hypnogram));
        }
        return new Settings(true, config.subjects(), config.epochsPerNight(), digests, config.seed());
    }

    private void simulate(int number, NightFiles files) throws IOException {
        if (files.exist()) {
            return;
        }
        var chance = new Chance(config.seed(), number);
        var subject = SimulatedSubject.draw(chance);
        var plan = config.hypnograms().isEmpty()
                ? NightPlan.draw(config.epochsPerNight(), chance).stream()
                        .map(ScoredStage::of)
                        .toList()
                : scored(config.hypnograms().get(number - 1));
        // What nobody scored looks like wake: the sleeper moved, or the electrodes were off.
        var slept = plan.stream()
                .map(stage -> stage.stage().orElse(SleepStage.WAKE))
                .toList();
        files.write(plan, NightSignals.draw(slept, subject, chance));
    }

    private static List<ScoredStage> scored(Path file) throws IOException {
        var scoring = Scorings.read(file, Optional.empty(), Hypnogram.AASM_EPOCH);
        var epochs = Scorings.hypnogram(file, scoring, Hypnogram.AASM_EPOCH).epochs();
        if (epochs.size() > SimulationConfig.MOST_EPOCHS) {
            throw new MalformedDataException(
                    file,
                    "scores %d epochs, more than the %d of a day"
                            .formatted(epochs.size(), SimulationConfig.MOST_EPOCHS));
        }
        return epochs;
    }
}
