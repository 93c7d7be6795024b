package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;

/**
 * How an answer is written.
 *
 * <p>Without a temperature the likeliest token follows, or with more than one beam the likeliest sequence that
 * transformers' beam search finds (length penalty 1, no early stopping). With one, tokens are drawn by chance: from the
 * logits divided by the temperature, of those the {@code topK} greatest, of those the smallest set that holds
 * {@code topP} of the probability, in this order, as in transformers.
 *
 * @param maxNewTokens where an answer is cut
 * @param temperature 0: no chance
 * @param topK how many tokens may be drawn; 0: all
 * @param topP in (0, 1]; 1: all
 * @param beams sequences that are followed at once; more than one only without a temperature
 * @param stops texts that end an answer and are no part of it
 * @param seed of what is drawn
 */
public record GenerationOptions(
        int maxNewTokens, double temperature, int topK, double topP, int beams, List<String> stops, long seed) {

    public GenerationOptions {
        require(maxNewTokens > 0, "maxNewTokens must be positive, was " + maxNewTokens);
        require(
                0 <= temperature && temperature < Double.POSITIVE_INFINITY,
                "temperature must be 0 or a positive number, was " + temperature);
        require(topK >= 0, "topK must be 0 (all) or positive, was " + topK);
        require(0 < topP && topP <= 1, "topP must be in (0, 1], was " + topP);
        require(beams > 0, "beams must be positive, was " + beams);
        require(
                beams == 1 || temperature == 0,
                "%d beams leave nothing to chance: the temperature must be 0, was %s".formatted(beams, temperature));
        stops = List.copyOf(stops);
        require(stops.stream().noneMatch(String::isEmpty), "a stop string must not be empty");
    }

    /** The likeliest token after token. */
    public static GenerationOptions greedy(int maxNewTokens) {
        return new GenerationOptions(maxNewTokens, 0, 0, 1, 1, List.of(), 0);
    }

    public GenerationOptions withTemperature(double changed) {
        return new GenerationOptions(maxNewTokens, changed, topK, topP, beams, stops, seed);
    }

    public GenerationOptions withTopK(int changed) {
        return new GenerationOptions(maxNewTokens, temperature, changed, topP, beams, stops, seed);
    }

    public GenerationOptions withTopP(double changed) {
        return new GenerationOptions(maxNewTokens, temperature, topK, changed, beams, stops, seed);
    }

    public GenerationOptions withBeams(int changed) {
        return new GenerationOptions(maxNewTokens, temperature, topK, topP, changed, stops, seed);
    }

    public GenerationOptions withStops(List<String> changed) {
        return new GenerationOptions(maxNewTokens, temperature, topK, topP, beams, changed, seed);
    }

    public GenerationOptions withSeed(long changed) {
        return new GenerationOptions(maxNewTokens, temperature, topK, topP, beams, stops, changed);
    }

    /** Whether tokens are drawn by chance. */
    public boolean samples() {
        return temperature > 0;
    }
}
