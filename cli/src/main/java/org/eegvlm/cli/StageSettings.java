package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.io.Json;

/**
 * What is staged by whom; {@code stage.json} in the output folder.
 *
 * @param recording the night
 * @param hypnogram its scoring, to compare with
 * @param vision folder of the vision module
 * @param modelPath the language model
 * @param modelBase what it was trained on; what its folder names if absent
 * @param channels the recording's names for the model's channels; the same names if absent
 */
record StageSettings(
        Path recording,
        Optional<Path> hypnogram,
        Path vision,
        Path modelPath,
        Optional<Path> modelBase,
        Optional<List<String>> channels,
        String device) {

    private static final String FILE = "stage.json";

    /**
     * Makes the folder this night's own, or finds that it is.
     *
     * @throws IllegalArgumentException if something else was staged there
     */
    void claim(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        var settings = Json.MAPPER.readTree(Json.line(this));
        // Before there is a manifest nothing was made of the settings yet: a wrong channel can be put right.
        if (!Files.exists(file) || !Files.exists(folder.resolve("epochs.jsonl"))) {
            Files.createDirectories(folder);
            Json.write(file, settings);
        } else if (!Json.readTree(file).equals(settings)) {
            throw new IllegalArgumentException(
                    folder + " holds another night, or one staged otherwise; give another --out, or --overwrite");
        }
    }
}
