package org.eegvlm.llava;

import java.util.List;

/**
 * What a model said.
 *
 * @param prompt all it was given, as text
 * @param tokens what it generated, without the end token
 * @param text the same as text, stripped
 * @param probabilities of the closed set's candidates, in its order, adding up to 1; empty where none was asked for
 */
@SuppressWarnings("ArrayRecordComponent")
public record VqaAnswer(String id, String prompt, int[] tokens, String text, List<Double> probabilities) {

    public VqaAnswer {
        probabilities = List.copyOf(probabilities);
    }
}
