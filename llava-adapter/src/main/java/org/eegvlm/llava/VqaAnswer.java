package org.eegvlm.llava;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eegvlm.core.SleepStage;
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

    /** The probabilities by stage, where {@link ClosedSet#SLEEP_STAGES} was asked for. */
    public Map<String, Double> stageProbabilities() {
        var byLabel = new LinkedHashMap<String, Double>();
        for (var stage : SleepStage.values()) {
            byLabel.put(stage.label(), probabilities.get(stage.ordinal()));
        }
        return byLabel;
    }
}
