package org.eegvlm.core.data;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;

/**
 * Which encoder made each row of a feature file, where no row may come from an encoder that has learnt from its subject.
 *
 * @param encoders those that made rows
 * @param encoderOfRow the place, in {@code encoders}, of the one that made row n
 */
public record OutOfFold(List<Encoder> encoders, List<Integer> encoderOfRow) {

    /**
     * @throws IllegalArgumentException if a row names an encoder that is not there
     */
    public OutOfFold {
        encoders = List.copyOf(encoders);
        encoderOfRow = List.copyOf(encoderOfRow);
        for (int place : encoderOfRow) {
            require(0 <= place && place < encoders.size(), "there is no encoder %d of %d", place, encoders.size());
        }
    }

    /**
     * One vision module.
     *
     * @param sha256 names its weights
     * @param trainedOnSubjects whose epochs moved them
     */
    public record Encoder(String sha256, List<String> trainedOnSubjects) {

        public Encoder {
            trainedOnSubjects = List.copyOf(trainedOnSubjects);
        }
    }

    /** @param row from 0 */
    public Encoder encoder(int row) {
        return encoders.get(encoderOfRow.get(row));
    }
}
