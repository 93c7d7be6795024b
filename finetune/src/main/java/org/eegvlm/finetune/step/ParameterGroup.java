package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.kernels.AdamW;

/**
 * Parameters with a learning rate and an optimiser of their own. Owns the optimiser.
 *
 * @param name of its file in a checkpoint
 * @param members which of all parameters
 * @param peakRate before the schedule's factor
 */
record ParameterGroup(String name, List<Integer> members, double peakRate, AdamW optimizer) implements AutoCloseable {

    /**
     * @param gradients of all parameters
     * @param factor the schedule's share of the learning rate
     */
    void update(List<NDArray> gradients, double factor) {
        optimizer.update(members.stream().map(gradients::get).toList(), peakRate * factor);
    }

    void save(Path checkpoint) throws IOException {
        OptimizerFile.write(file(checkpoint), optimizer);
    }

    void restore(Path checkpoint) throws IOException {
        OptimizerFile.restore(file(checkpoint), optimizer);
    }

    @Override
    public void close() {
        optimizer.close();
    }

    private Path file(Path checkpoint) {
        return checkpoint.resolve("optimizer_" + name + ".safetensors");
    }
}
