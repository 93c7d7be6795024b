package org.eegvlm.llava.write;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.StoredType;

/**
 * How a checkpoint becomes another.
 *
 * @param model a model folder, or the file of a llama2.c checkpoint
 * @param output the folder to write
 * @param type of all tensors; without it, each keeps its own
 * @param shardSize the most bytes of tensors in one file
 */
public record ConversionConfig(
        Path model, Path output, ModelLayout layout, Optional<StoredType> type, long shardSize, boolean overwrite) {

    public ConversionConfig {
        if (shardSize <= 0) {
            throw new IllegalArgumentException("shard size must be positive, was " + shardSize);
        }
    }
}
