package org.eegvlm.core.baseline;

import java.nio.file.Path;

/**
 * @param manifest {@code epochs.jsonl}
 * @param output the answers file to write
 */
public record BaselineConfig(Path manifest, Path output, BaselineMethod method, boolean overwrite) {}
