package org.eegvlm.finetune.step;

import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.finetune.data.Seeds;

/**
 * Samples that go through the model together.
 *
 * @param samples of the data, by index
 * @param seed of their dropout
 */
public record TrainingBatch(List<Integer> samples, long seed) {

    /**
     * As even as can be, for so many replicas; the last may be empty. Each drops what its own seed says, the first what the
     * whole batch would.
     */
    public List<TrainingBatch> shares(int replicas) {
        return IntStream.range(0, replicas)
                .mapToObj(replica -> new TrainingBatch(
                        samples.subList(from(replica, replicas), from(replica + 1, replicas)),
                        replica == 0 ? seed : Seeds.replica(seed, replica)))
                .toList();
    }

    /** Rounded up, so that a single sample goes to the first replica. */
    private int from(int replica, int replicas) {
        return Math.toIntExact(((long) samples.size() * replica + replicas - 1) / replicas);
    }
}
