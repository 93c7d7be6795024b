package org.eegvlm.llava;

import java.util.List;
import org.eegvlm.llama.Ending;

/**
 * What a model said.
 *
 * @param prompt all it was given, as text
 * @param tokens what it generated, without the end token
 * @param text the same as text, cut before a stop string, stripped
 * @param ending why there is no more of it
 * @param probabilities of the closed set's candidates, in its order, adding up to 1; empty where none was asked for, or
 *     the answer was cancelled
 */
@SuppressWarnings("ArrayRecordComponent")
public record VqaAnswer(
        String id, String prompt, int[] tokens, String text, Ending ending, List<Double> probabilities) {

    public VqaAnswer {
        probabilities = List.copyOf(probabilities);
    }
}
