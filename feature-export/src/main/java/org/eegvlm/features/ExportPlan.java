package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.Load;

/**
 * What an unfinished export is made of; {@code features.plan} beside its files, until all are finished.
 *
 * @param sha256 names all that decides about the rows but the load
 * @param load at which it was begun: the last bits hang on it
 */
record ExportPlan(String sha256, Load load) {

    private static final String FILE = "features.plan";

    ExportPlan {
        require(sha256 != null && load != null, "a plan has a hash and a load");
    }

    /**
     * At the load that a killed run of the same began with; else at one that fits.
     *
     * @param deciding all that decides about the rows
     */
    static ExportPlan of(ExportConfig config, List<?> deciding) throws IOException {
        var asked = config.execution();
        var sha256 = Sha256.of(Json.line(deciding).getBytes(StandardCharsets.UTF_8));
        var begun = begun(config).filter(plan -> sha256.equals(plan.sha256()) && asked.allows(plan.load()));
        return begun.isPresent()
                ? begun.get()
                : new ExportPlan(sha256, FeatureExtractor.load(config.visionModel(), asked));
    }

    /**
     * Goes on with what a killed run of the same plan has left; anything else makes room for a fresh start.
     *
     * @throws OutputExistsException if a finished file is there and may not be replaced
     */
    void begin(ExportConfig config, List<String> names) throws IOException {
        if (begun(config).filter(this::equals).isPresent()) {
            return;
        }
        boolean unfinished = Files.exists(file(config));
        for (var name : names) {
            var npy = config.output().resolve(name);
            if (Files.exists(npy) && !unfinished && !config.overwrite()) {
                throw new OutputExistsException(npy);
            }
        }
        Files.createDirectories(config.output());
        for (var name : names) {
            FeatureStore.clear(config.output().resolve(name));
        }
        Json.write(file(config), this);
    }

    /** Says that all files are finished. */
    static void finish(ExportConfig config) throws IOException {
        Files.delete(file(config));
    }

    /** What a killed run has left; a plan of another version of this program is none of this one's. */
    private static Optional<ExportPlan> begun(ExportConfig config) throws IOException {
        try {
            return Files.exists(file(config))
                    ? Optional.of(Json.read(file(config), ExportPlan.class))
                    : Optional.empty();
        } catch (MalformedDataException e) {
            return Optional.empty();
        }
    }

    private static Path file(ExportConfig config) {
        return config.output().resolve(FILE);
    }
}
