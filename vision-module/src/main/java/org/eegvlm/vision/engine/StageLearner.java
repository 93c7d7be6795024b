package org.eegvlm.vision.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;

/**
 * A network that learns, step by step, with AdamW on the mean cross entropy. Its state, saved and restored, goes on to
 * the same bits. As an encoder it answers with what it has learnt so far.
 */
public interface StageLearner extends StageEncoder {

    /**
     * One step.
     *
     * @param targets the wanted probabilities, [count, 5] in C order; a row that sums to w counts w-fold
     * @return the mean cross entropy before the step
     * @throws IllegalArgumentException if the loss is no longer finite
     */
    double step(PictureBatch pictures, float[] targets, double learningRate);

    /** How many steps were taken. */
    long steps();

    /** The weights it answers with, running statistics included, by their names in PyTorch. */
    Map<String, TensorData> weights();

    /**
     * Begins with some weights that others have learnt; the rest stays as it was drawn.
     *
     * @throws IllegalArgumentException if it has no weight of a name and shape that is given
     */
    void begin(Map<String, TensorData> weights);

    /**
     * Writes all that {@link #restore} needs.
     *
     * @param words metadata of the file
     */
    void save(Path file, Map<String, String> words) throws IOException;

    /** Takes up what {@link #save} wrote. */
    void restore(SafetensorsFile state) throws IOException;
}
