package org.eegvlm.features;

import java.nio.file.Path;

/**
 * What to build.
 *
 * @param manifest {@code epochs.jsonl}
 * @param output the data folder, {@code sleep_data}
 * @param question what is asked about each epoch
 */
public record BuildConfig(Path manifest, Path output, String question, boolean overwrite) {

    public BuildConfig(Path manifest, Path output) {
        this(manifest, output, PlaceholderSample.QUESTION, false);
    }
}
