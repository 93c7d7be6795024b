package org.eegvlm.core.manifest;

import java.nio.file.Path;

/**
 * What to split.
 *
 * @param manifest {@code epochs.jsonl} of a rendered data folder
 * @param output the data folder to make, or the folder of all of them
 */
public record SplitConfig(Path manifest, Path output, SplitPlan plan, boolean overwrite) {}
