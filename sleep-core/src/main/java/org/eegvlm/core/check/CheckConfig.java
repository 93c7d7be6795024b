package org.eegvlm.core.check;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to check. The samples, questions and features beside the manifest are checked where they are there.
 *
 * @param manifest {@code epochs.jsonl} of a data folder
 * @param vision the folder of a vision module
 * @param model the folder of a fine-tuned model
 * @param pictures whether every picture is read, and its hash compared with the manifest's
 */
public record CheckConfig(Path manifest, Optional<Path> vision, Optional<Path> model, boolean pictures) {

    /** A data folder alone, pictures included. */
    public static CheckConfig of(Path manifest) {
        return new CheckConfig(manifest, Optional.empty(), Optional.empty(), true);
    }

    public CheckConfig withVision(Optional<Path> folder) {
        return new CheckConfig(manifest, folder, model, pictures);
    }

    public CheckConfig withModel(Optional<Path> folder) {
        return new CheckConfig(manifest, vision, folder, pictures);
    }

    public CheckConfig withPictures(boolean wanted) {
        return new CheckConfig(manifest, vision, model, wanted);
    }
}
