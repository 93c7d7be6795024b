package org.eegvlm.features;

import java.nio.file.Path;
import org.eegvlm.core.manifest.Balance;

/**
 * What to build.
 *
 * @param manifest {@code epochs.jsonl}
 * @param output the data folder, {@code sleep_data}
 * @param question what is asked about each epoch
 * @param balance which epochs of the train split are left out, and which come repeatedly
 */
public record BuildConfig(Path manifest, Path output, String question, Balance balance, boolean overwrite) {

    public BuildConfig(Path manifest, Path output) {
        this(manifest, output, PlaceholderSample.QUESTION, Balance.NONE, false);
    }

    public BuildConfig withQuestion(String other) {
        return new BuildConfig(manifest, output, other, balance, overwrite);
    }

    public BuildConfig withBalance(Balance other) {
        return new BuildConfig(manifest, output, question, other, overwrite);
    }

    public BuildConfig withOverwrite(boolean wanted) {
        return new BuildConfig(manifest, output, question, balance, wanted);
    }
}
