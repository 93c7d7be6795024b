/**
 * Text to token ids and back, as the models' own tokenizers do it: SentencePiece, {@code tokenizer.json}, llama2.c's.
 *
 * <pre>{@code
 * try (var tokenizer = LlamaTokenizer.load(folder)) {
 *     int[] ids = tokenizer.encode("Which sleep stage is this?");
 * }
 * }</pre>
 */
@NullMarked
package org.eegvlm.tokenizer;

import org.jspecify.annotations.NullMarked;
