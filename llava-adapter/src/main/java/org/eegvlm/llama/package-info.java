/**
 * The Llama decoder: configuration, tokenizer, layers with LoRA and their gradients, and generation. Knows no pictures.
 *
 * <pre>{@code
 * try (var decoder = LlamaDecoder.load(checkpoint, config, LoadOptions.on("cpu"))) {
 *     List<int[]> answers = new Generator(decoder).greedy(embeddings, lengths, 64);
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.llama;

import org.jspecify.annotations.NullMarked;
