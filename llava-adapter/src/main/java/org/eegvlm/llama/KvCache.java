package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.eegvlm.kernels.Kernels;

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

    /** A new cache of these rows, in this order; a row may come again. The caller closes it. */
    KvCache select(Kernels kernels, NDArray rows) {
        return new KvCache(
                changed(keys, tensor -> kernels.tensor("select", tensor, rows)),
                changed(values, tensor -> kernels.tensor("select", tensor, rows)));
    }

    /** From slot {@code start} up to {@code end}, row n becomes what row {@code rows[n]} was. */
    void reorder(Kernels kernels, NDArray rows, int start, int end) {
        kernels.run("reorder", keys, rows, start, end);
        kernels.run("reorder", values, rows, start, end);
    }

    /** Every row begins with the first slots of the other cache's first row. */
    void beginWith(Kernels kernels, KvCache other, int slots) {
        kernels.run("begin_with", keys, other.keys, slots);
        kernels.run("begin_with", values, other.values, slots);
    }

    @Override
    public void close() {
        keys.forEach(NDArray::close);
        values.forEach(NDArray::close);
    }

    private static List<NDArray> tensors(int layers, IntFunction<NDArray> empty) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> kept(empty.apply(layer)))
                .toList();
    }

    private static List<NDArray> changed(List<NDArray> tensors, UnaryOperator<NDArray> change) {
        return tensors.stream().map(tensor -> kept(change.apply(tensor))).toList();
    }

    private static NDArray kept(NDArray tensor) {
        NDScope.unregister(tensor);
        return tensor;
    }
}
