package org.eegvlm.finetune.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.eegvlm.kernels.Tensors;

/**
 * Sums of gradients, part by part; a part begins with what is added first. Owns them until they are given away or closed.
 * Several threads may add at once, each to parts of its own.
 */
final class GradientSums implements AutoCloseable {

    private final AtomicReferenceArray<List<NDArray>> parts;

    GradientSums(int parts) {
        this.parts = new AtomicReferenceArray<>(parts);
        IntStream.range(0, parts).forEach(part -> this.parts.set(part, List.of()));
    }

    /**
     * Adds a batch's means to a part.
     *
     * @param means of the innermost scope; may be taken over
     * @param supervised over how many tokens
     */
    void add(int part, List<NDArray> means, long supervised) {
        if (parts.get(part).isEmpty()) {
            Tensors.scale(means, supervised);
            means.forEach(NDScope::unregister);
            parts.set(part, means);
        } else {
            Tensors.addScaled(parts.get(part), means, supervised);
        }
    }

    /** All parts, one after another. */
    List<NDArray> tensors() {
        return IntStream.range(0, parts.length())
                .mapToObj(parts::get)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        tensors().forEach(NDArray::close);
    }
}
