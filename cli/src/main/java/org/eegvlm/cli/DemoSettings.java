package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eegvlm.core.io.Json;

/**
 * All that decides what the demo computes; {@code demo.json} in its folder.
 *
 * @param seed of everything
 * @param nights what is simulated
 * @param vision how the vision module learns
 * @param language how the language model learns
 * @param ablations whether models without features, with empty and with mixed-up ones are trained too
 */
record DemoSettings(long seed, Nights nights, Vision vision, Language language, boolean ablations) {

    private static final String FILE = "demo.json";

    /** One simulated night a subject; subjects in neither split are for training. */
    record Nights(int subjects, int epochs, int validationSubjects, int evalSubjects) {}

    record Vision(int passes, int pictureSize) {}

    record Language(
            int loraRank,
            double loraAlpha,
            double loraDropout,
            double learningRate,
            double projectorRate,
            int batch,
            int steps) {}

    /** Sized for minutes on two cores. */
    static DemoSettings of(long seed, boolean ablations) {
        return new DemoSettings(
                seed,
                new Nights(12, 110, 1, 3),
                new Vision(8, 80),
                new Language(16, 32, 0, 2e-3, 1e-3, 16, 200),
                ablations);
    }

    /**
     * Makes the folder this demo's own, or finds that it is.
     *
     * @throws IllegalArgumentException if it belongs to a demo with other settings
     */
    void claim(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            Json.write(file, this);
            return;
        }
        var earlier = Json.read(file, DemoSettings.class);
        if (!earlier.withAblations(ablations).equals(this)) {
            throw new IllegalArgumentException(
                    "%s holds a demo with other settings (seed %d); give another --out, or delete it"
                            .formatted(folder, earlier.seed()));
        }
    }

    private DemoSettings withAblations(boolean wanted) {
        return new DemoSettings(seed, nights, vision, language, wanted);
    }
}
