package org.eegvlm.llava.write;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.StoredType;

/**
 * How a LoRA adapter goes into the weights of its base.
 *
 * @param model the LoRA folder
 * @param modelBase its base; without it, what {@code adapter_config.json} names
 * @param output the folder to write
 * @param type of all tensors; without it, each keeps the base's
 * @param shardSize the most bytes of tensors in one file
 */
public record MergeConfig(
        Path model,
        Optional<Path> modelBase,
        Path output,
        Optional<StoredType> type,
        long shardSize,
        boolean overwrite) {

    public MergeConfig {
        if (shardSize <= 0) {
            throw new IllegalArgumentException("shard size must be positive, was " + shardSize);
        }
    }
}
