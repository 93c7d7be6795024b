package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.llama.vector.MappedMatrix;
import org.jspecify.annotations.Nullable;

/** The keys and values of tokens already seen: for each layer two tensors [B, slots, kvHeads, headDimension]. */
final class KvCache implements AutoCloseable {

    private final List<NDArray> keys;
    private final List<NDArray> values;
    private @Nullable Mapped mapped;

    private KvCache(List<NDArray> keys, List<NDArray> values) {
        this.keys = keys;
        this.values = values;
    }

    /** The same memory, as long as the cache is open: for each layer two matrices [B slots, kvHeads headDimension]. */
    record Mapped(List<MappedMatrix> keys, List<MappedMatrix> values, int slots) {}

    static KvCache allocate(int layers, IntFunction<NDArray> empty) {
        return new KvCache(tensors(layers, empty), tensors(layers, empty));
    }

    List<NDArray> keys() {
        return keys;
    }

    List<NDArray> values() {
        return values;
    }

    /** Whether each tensor can be read where it lies. */
    boolean mappable() {
        return keys.stream().allMatch(tensor -> DecodingWeights.fits(tensor.size(), DataType.FLOAT32));
    }

    Mapped mapped() {
        if (mapped == null) {
            int slots = Math.toIntExact(keys.get(0).getShape().get(1));
            mapped = new Mapped(matrices(keys), matrices(values), slots);
        }
        return mapped;
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

    private static List<MappedMatrix> matrices(List<NDArray> tensors) {
        return tensors.stream()
                .map(tensor -> {
                    var shape = tensor.getShape();
                    return DecodingWeights.matrix(tensor, shape.get(0) * shape.get(1), shape.get(2) * shape.get(3));
                })
                .toList();
    }

    private static NDArray kept(NDArray tensor) {
        NDScope.unregister(tensor);
        return tensor;
    }
}
