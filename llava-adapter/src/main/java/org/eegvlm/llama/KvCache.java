package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The keys and values of tokens already seen.
 *
 * @param keys a tensor [B, slots, kvHeads, headDimension] for each layer
 * @param values likewise
 */
record KvCache(List<NDArray> keys, List<NDArray> values) implements AutoCloseable {

    static KvCache allocate(int layers, IntFunction<NDArray> empty) {
        return new KvCache(tensors(layers, empty), tensors(layers, empty));
    }

    @Override
    public void close() {
        keys.forEach(NDArray::close);
        values.forEach(NDArray::close);
    }

    private static List<NDArray> tensors(int layers, IntFunction<NDArray> empty) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> {
                    var tensor = empty.apply(layer);
                    NDScope.unregister(tensor);
                    return tensor;
                })
                .toList();
    }
}
