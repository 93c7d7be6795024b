package org.eegvlm.llama;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.Checkpoint.Wanted;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.Nf4Weight;

/**
 * Reads the tensors of decoder layers in the order of the kernels: input norm, q, k, v, o, post-attention norm, gate, up,
 * down; and then, if any projection of the model is quantised, what {@link Nf4Weight#statistics} gives for each of them.
 *
 * <p>Projections are quantised where the checkpoint has them so, or where {@code --load-4bit} asks for it: then one after
 * another, so that no two are in memory unquantised.
 */
final class LayerReader {

    private static final int PLAIN_TENSORS = 9;
    private static final int STATISTICS = 3;

    /** Bytes that a weight takes in NF4. */
    private static final double NF4_BYTES = 4.127 / 8;

    private final Checkpoint checkpoint;
    private final LlamaConfig config;
    private final LoadOptions options;
    private final boolean quantized;

    LayerReader(Checkpoint checkpoint, LlamaConfig config, LoadOptions options) {
        this.checkpoint = checkpoint;
        this.config = config;
        this.options = options;
        quantized = options.fourBit() || anyQuantized(checkpoint, config);
    }

    /** Whether projections are held in four bits. */
    boolean quantized() {
        return quantized;
    }

    /** How many tensors a layer has. */
    int tensors() {
        return quantized ? PLAIN_TENSORS + STATISTICS * Projection.values().length : PLAIN_TENSORS;
    }

    /** About how much memory a layer takes. */
    long bytes() {
        long elements = wanted(config, 0).stream()
                .mapToLong(tensor -> Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b))
                .sum();
        return (long) (elements * (quantized ? NF4_BYTES : options.type().getNumOfBytes()));
    }

    /** One layer, for the caller to close; or none of it, where a tensor fails. */
    List<NDArray> read(int layer, Device device) throws IOException {
        var tensors = new ArrayList<NDArray>();
        var statistics = new ArrayList<NDArray>();
        try {
            for (var wanted : wanted(config, layer)) {
                boolean projection = wanted.shape().length == 2;
                if (projection && (options.fourBit() || checkpoint.isQuantized(wanted.name()))) {
                    var weight = nf4(wanted, device);
                    tensors.add(weight.packed());
                    statistics.addAll(weight.statistics());
                } else {
                    tensors.add(checkpoint.tensor(wanted.name(), device, options.type(), wanted.shape()));
                    if (projection && quantized) {
                        statistics.addAll(Nf4Weight.noStatistics(device)); // they keep the places
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            tensors.forEach(NDArray::close);
            statistics.forEach(NDArray::close);
            throw e;
        }
        tensors.addAll(statistics);
        return tensors;
    }

    /** The place of a projection's weight among a layer's tensors. */
    static int index(Projection projection) {
        return projection.ordinal() + (projection.compareTo(Projection.GATE) < 0 ? 1 : 2);
    }

    private static boolean anyQuantized(Checkpoint checkpoint, LlamaConfig config) {
        return IntStream.range(0, config.layers())
                .mapToObj(layer -> wanted(config, layer))
                .flatMap(List::stream)
                .anyMatch(tensor -> checkpoint.isQuantized(tensor.name()));
    }

    private static List<Wanted> wanted(LlamaConfig config, int number) {
        var layer = "model.layers.%d.".formatted(number);
        var wanted = new ArrayList<Wanted>();
        wanted.add(new Wanted(layer + "input_layernorm.weight", config.hiddenSize()));
        for (var projection : Projection.values()) {
            if (projection == Projection.GATE) {
                wanted.add(new Wanted(layer + "post_attention_layernorm.weight", config.hiddenSize()));
            }
            wanted.add(new Wanted(
                    layer + projection.path() + ".weight",
                    projection.outputWidth(config),
                    projection.inputWidth(config)));
        }
        return wanted;
    }

    private Nf4Weight nf4(Wanted wanted, Device device) throws IOException {
        if (checkpoint.isQuantized(wanted.name())) {
            return checkpoint.quantized(wanted.name(), device, wanted.shape());
        }
        var type = storedType(checkpoint.info(wanted.name()).dtype());
        try (var weight = checkpoint.tensor(wanted.name(), device, type, wanted.shape())) {
            return Nf4Weight.quantize(weight);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(
                    checkpoint.folder(), "tensor '%s'".formatted(wanted.name()), String.valueOf(e.getMessage()));
        }
    }

    /** The type to quantise from: rounding to another one first would only lose. */
    private static DataType storedType(String dtype) {
        return switch (dtype) {
            case "BF16" -> DataType.BFLOAT16;
            case "F16" -> DataType.FLOAT16;
            default -> DataType.FLOAT32;
        };
    }
}
