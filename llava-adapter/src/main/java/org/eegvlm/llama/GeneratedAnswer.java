package org.eegvlm.llama;

/**
 * What was written for one prompt.
 *
 * @param tokens without the end token; with those of the stop string, where one ended it
 * @param text the same as text, cut before the stop string
 */
@SuppressWarnings("ArrayRecordComponent")
public record GeneratedAnswer(int[] tokens, String text, Ending ending) {}
