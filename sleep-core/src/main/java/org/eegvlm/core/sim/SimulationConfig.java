package org.eegvlm.core.sim;

import static org.eegvlm.core.Preconditions.require;

import java.nio.file.Path;
import java.util.List;

/**
 * What to simulate.
 *
 * @param output the folder for the files
 * @param subjects how many people sleep, one night each
 * @param epochsPerNight how many epochs of 30 s a night has; 110 make a shortened night with three cycles
 * @param hypnograms scorings that drive the nights, one subject each: then it is they who say how many people sleep, and
 *     how long
 * @param seed the same seed gives the same bytes
 * @param overwrite whether a finished output may be replaced
 */
public record SimulationConfig(
        Path output, int subjects, int epochsPerNight, List<Path> hypnograms, long seed, boolean overwrite) {

    private static final int MOST_SUBJECTS = 599; // the file names have three digits for them, from 401
    private static final int LEAST_EPOCHS = 20; // one cycle with every stage
    static final int MOST_EPOCHS = 2880; // a day

    public SimulationConfig {
        hypnograms = List.copyOf(hypnograms);
        if (subjects < 1 || subjects > MOST_SUBJECTS) {
            throw new IllegalArgumentException("subjects must be 1 to %d, was %d".formatted(MOST_SUBJECTS, subjects));
        }
        if (epochsPerNight < LEAST_EPOCHS || epochsPerNight > MOST_EPOCHS) {
            throw new IllegalArgumentException(
                    "epochs per night must be %d to %d, was %d".formatted(LEAST_EPOCHS, MOST_EPOCHS, epochsPerNight));
        }
    }

    public SimulationConfig(Path output, int subjects, int epochsPerNight, long seed) {
        this(output, subjects, epochsPerNight, List.of(), seed, false);
    }

    /** Nights that follow given scorings. */
    public static SimulationConfig driven(Path output, List<Path> hypnograms, long seed, boolean overwrite) {
        require(!hypnograms.isEmpty(), "no hypnogram to simulate a night of");
        return new SimulationConfig(output, hypnograms.size(), LEAST_EPOCHS, hypnograms, seed, overwrite);
    }
}
