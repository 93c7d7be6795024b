package org.eegvlm.finetune.step;

import java.io.IOException;
import java.util.List;

/**
 * Where the gradients of a step come from: one model on one device or with its layers on several ({@link
 * Backpropagation}), or several models side by side ({@link Replicas}).
 */
interface Gradients {

    /**
     * @param batches of a step, at least one
     * @return for the caller to close
     * @throws ArithmeticException naming the samples, if a loss is not finite
     */
    BatchGradients of(List<TrainingBatch> batches) throws IOException;
}
