/**
 * Model folders on disk: {@code config.json} and the tensors beside it, found by name whatever file they lie in and
 * whatever they are called there.
 *
 * <pre>{@code
 * var checkpoint = Checkpoint.open(ModelFolders.resolve("liuhaotian/llava-v1.5-7b"));
 * var config = LlamaConfig.read(checkpoint.config(), checkpoint.configFile());
 * var decoder = LlamaDecoder.load(checkpoint, config, LoadOptions.on("cpu"));
 * }</pre>
 */
@NullMarked
package org.eegvlm.checkpoint;

import org.jspecify.annotations.NullMarked;
