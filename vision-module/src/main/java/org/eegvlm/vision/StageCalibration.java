package org.eegvlm.vision;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.score.Answer;

/**
 * How far the probabilities of one stage mean what they say: where it is given 0.7, it should be there in 7 of 10 epochs.
 *
 * @param expectedError the mean distance between the two, over the epochs (Naeini et al. 2015's ECE, of one stage)
 * @param brier the mean squared distance between the probability and what was scored, 1 or 0
 * @param bins tenths of probability that occur
 */
public record StageCalibration(SleepStage stage, double expectedError, double brier, List<Bin> bins) {

    private static final int BINS = 10;

    /**
     * Epochs that were given about the same probability.
     *
     * @param said the mean of it
     * @param found the share of them that the scorer gave this stage
     */
    public record Bin(int epochs, double said, double found) {}

    public StageCalibration {
        bins = List.copyOf(bins);
    }

    /** One for each stage; of answers with a label and probabilities. */
    static List<StageCalibration> of(List<Answer> answers) {
        return Arrays.stream(SleepStage.values())
                .map(stage -> of(stage, answers))
                .toList();
    }

    private static StageCalibration of(SleepStage stage, List<Answer> answers) {
        var counts = new int[BINS];
        var said = new double[BINS];
        var found = new double[BINS];
        double brier = 0;
        for (var answer : answers) {
            double probability = answer.metadata().probabilities().orElseThrow().getOrDefault(stage.label(), 0.0);
            double truth = answer.label().filter(stage::equals).isPresent() ? 1 : 0;
            int bin = Math.min(BINS - 1, (int) (probability * BINS));
            counts[bin]++;
            said[bin] += probability;
            found[bin] += truth;
            brier += (probability - truth) * (probability - truth);
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(said[bin] - found[bin]);
        }
        var bins = IntStream.range(0, BINS)
                .filter(bin -> counts[bin] > 0)
                .mapToObj(bin -> new Bin(counts[bin], said[bin] / counts[bin], found[bin] / counts[bin]))
                .toList();
        return new StageCalibration(stage, error / answers.size(), brier / answers.size(), bins);
    }
}
