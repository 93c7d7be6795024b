package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What batches say, summed up over all their supervised tokens: so batches and replicas add up, whatever their sizes.
 *
 * @param loss cross entropy
 * @param supervised how many tokens that are
 * @param gradients of the loss, in the order of {@link Trainee#parameters}; owned
 */
record BatchGradients(double loss, long supervised, List<NDArray> gradients) implements AutoCloseable {

    /** What no batch says. */
    static final BatchGradients NONE = new BatchGradients(0, 0, List.of());

    /** The loss of a token. */
    double meanLoss() {
        return loss / supervised;
    }

    @Override
    public void close() {
        gradients.forEach(NDArray::close);
    }
}
