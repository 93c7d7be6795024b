package org.eegvlm.llava;

/**
 * What an implementation makes of a prompt, number by number.
 *
 * @param inputIds the tokens, with {@link TokenizedSample#IMAGE} where a picture or a feature row goes
 * @param logits fp32, of the token that follows the prompt; one for each row of the head
 * @param greedyIds the likeliest tokens after it, the end token included where it ends them: what transformers'
 *     {@code generate} returns for {@code inputs_embeds}
 */
@SuppressWarnings("ArrayRecordComponent")
public record ProbedPrompt(int[] inputIds, float[] logits, int[] greedyIds) {}
