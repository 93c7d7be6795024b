package org.eegvlm.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llama.vector.MappedMatrix;
import org.eegvlm.llama.vector.VectorFunctions;
import org.jspecify.annotations.Nullable;

/**
 * A decoder's weights and adapter as {@link DecodingStep} reads them: where they lie, but for the norms, which are copied.
 */
record DecodingWeights(MappedMatrix embedding, List<Layer> layers, float[] norm, Projected head) {

    /** The projections, in the order of {@link Projection}. */
    record Layer(float[] inputNorm, List<Projected> projections, float[] postAttentionNorm) {

        List<Projected> projected(Projection... wanted) {
            return IntStream.range(0, wanted.length)
                    .mapToObj(i -> projections.get(wanted[i].ordinal()))
                    .toList();
        }
    }

    /** A weight [out, in] with what an adapter adds to it. */
    record Projected(MappedMatrix weight, Optional<Update> update) {

        int rank() {
            return update.map(found -> found.down().rows()).orElse(0);
        }

        /** Of the update's upper half as many rows are read as of the weight. */
        int tileInts() {
            int widest = weight.tileInts();
            if (update.isPresent()) {
                int upRows = VectorFunctions.padded(weight.tileRows() * rank()) + VectorFunctions.padded(1);
                widest = Math.max(widest, Math.max(update.get().down().tileInts(), upRows));
            }
            return widest;
        }
    }

    /** {@code scaling · up · down}. @param down [rank, in] @param up [out, rank], both fp32 */
    record Update(MappedMatrix down, MappedMatrix up, float scaling) {}

    static DecodingWeights of(LlamaConfig config, LlamaWeights weights, @Nullable LoraAdapter adapter) {
        var layers = IntStream.range(0, config.layers())
                .mapToObj(layer -> layer(config, weights, adapter, layer))
                .toList();
        return new DecodingWeights(
                matrix(weights.embedding()),
                layers,
                numbers(weights.norm()),
                new Projected(matrix(weights.head()), Optional.empty()));
    }

    /** The ints that a worker's tile must have. */
    int largestTile() {
        return projected().mapToInt(Projected::tileInts).max().orElseThrow();
    }

    int largestRank() {
        return projected().mapToInt(Projected::rank).max().orElseThrow();
    }

    private Stream<Projected> projected() {
        return Stream.concat(layers.stream().flatMap(layer -> layer.projections().stream()), Stream.of(head));
    }

    /** Whether a tensor of so many numbers can be read where it lies. */
    static boolean fits(long numbers, DataType type) {
        return numbers * type.getNumOfBytes() <= Integer.MAX_VALUE;
    }

    static MappedMatrix matrix(NDArray tensor) {
        var shape = tensor.getShape();
        return matrix(tensor, shape.get(0), shape.get(1));
    }

    static MappedMatrix matrix(NDArray tensor, long rows, long columns) {
        return MappedMatrix.of(tensor.toByteBuffer(true), Math.toIntExact(rows), Math.toIntExact(columns));
    }

    private static Layer layer(LlamaConfig config, LlamaWeights weights, @Nullable LoraAdapter adapter, int layer) {
        var tensors = weights.layer(layer);
        var projections = IntStream.range(0, Projection.values().length)
                .mapToObj(i -> new Projected(
                        matrix(weights.projection(layer, Projection.values()[i])), update(adapter, layer, i)))
                .toList();
        return new Layer(
                numbers(tensors.get(LayerReader.INPUT_NORM)),
                projections,
                numbers(tensors.get(LayerReader.POST_ATTENTION_NORM)));
    }

    private static Optional<Update> update(@Nullable LoraAdapter adapter, int layer, int projection) {
        if (adapter == null || adapter.slots()[projection] < 0) {
            return Optional.empty();
        }
        int slot = (int) adapter.slots()[projection];
        var pairs = adapter.layer(layer);
        return Optional.of(new Update(matrix(pairs.get(2 * slot)), matrix(pairs.get(2 * slot + 1)), (float)
                adapter.config().scaling()));
    }

    private static float[] numbers(NDArray norm) {
        var values = Tensors.floats(norm);
        return Arrays.copyOf(values, VectorFunctions.padded(values.length));
    }
}
