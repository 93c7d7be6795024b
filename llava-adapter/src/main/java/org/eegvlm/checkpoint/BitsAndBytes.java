package org.eegvlm.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.Nf4Weight;

/**
 * Weights that bitsandbytes quantised, in a checkpoint of transformers: beside {@code X.weight}, uint8 [n / 2, 1], lie
 * {@code X.weight.absmax}, {@code .quant_map}, the JSON of {@code .quant_state.bitsandbytes__nf4} and, where the
 * magnitudes are quantised as well, {@code .nested_absmax} and {@code .nested_quant_map}.
 *
 * <p>NF4 in blocks of 64 is read. Its fp4 and int8, which have other kernels, are refused by name.
 */
final class BitsAndBytes {

    private static final String STATE = ".quant_state.bitsandbytes__";
    private static final long LARGEST_STATE = 1 << 16;

    private final Checkpoint checkpoint;

    BitsAndBytes(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Whether bitsandbytes quantised the weight, in whatever way. */
    boolean holds(String weight) {
        return checkpoint.has(weight + STATE + "nf4") || checkpoint.has(weight + STATE + "fp4") || isInt8(weight);
    }

    /**
     * The weight as it is stored, for the caller to close.
     *
     * @throws MalformedDataException if it is not NF4, or its parts contradict each other
     */
    Nf4Weight read(String weight, Device device, long... shape) throws IOException {
        if (!checkpoint.has(weight + STATE + "nf4")) {
            throw malformed(
                    weight,
                    "is %s of bitsandbytes; of its formats nf4 alone can be read: save the model unquantised or as nf4"
                            .formatted(isInt8(weight) ? "int8" : "fp4"));
        }
        var state = state(weight + STATE + "nf4");
        requireState(weight, state, shape);
        var kernels = Nf4Weight.kernels(device);
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            requireLevels(weight, kernels);
            boolean nested = checkpoint.has(weight + ".nested_absmax");
            var read = new Nf4Weight(
                    flat(weight, device),
                    flat(weight + ".absmax", device),
                    nested ? flat(weight + ".nested_absmax", device) : nothing(kernels),
                    nested ? table(weight, state, kernels) : nothing(kernels),
                    new Shape(shape));
            read.tensors().forEach(NDScope::unregister);
            return read;
        } catch (IllegalArgumentException e) {
            throw malformed(weight, String.valueOf(e.getMessage()));
        }
    }

    private boolean isInt8(String weight) {
        return weight.endsWith(".weight")
                && checkpoint.has(weight.substring(0, weight.length() - "weight".length()) + "SCB");
    }

    private JsonNode state(String name) throws IOException {
        var info = checkpoint.info(name);
        if (!info.dtype().equals("U8") || info.bytes() > LARGEST_STATE) {
            throw malformed(name, "is no JSON text in U8");
        }
        var bytes = checkpoint.bytes(name);
        var text = new byte[bytes.remaining()];
        bytes.get(text);
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw malformed(name, "is no JSON: " + e.getOriginalMessage());
        }
    }

    private void requireState(String weight, JsonNode state, long[] shape) throws IOException {
        int block = state.path("blocksize").asInt();
        int nested = state.path("nested_blocksize").asInt(Nf4Weight.NESTED_BLOCK);
        if (block != Nf4Weight.BLOCK || nested != Nf4Weight.NESTED_BLOCK) {
            throw malformed(
                    weight,
                    "is quantised in blocks of %d (nested %d), only %d (nested %d) can be read"
                            .formatted(block, nested, Nf4Weight.BLOCK, Nf4Weight.NESTED_BLOCK));
        }
        var stored = new long[state.path("shape").size()];
        Arrays.setAll(stored, i -> state.path("shape").path(i).asLong());
        if (!Arrays.equals(stored, shape)) {
            throw malformed(
                    weight,
                    "has shape %s, %s wants %s"
                            .formatted(Arrays.toString(stored), checkpoint.configFile(), Arrays.toString(shape)));
        }
    }

    /** Levels other than those that the kernels know would dequantise to other values. */
    private void requireLevels(String weight, Kernels kernels) throws IOException {
        var map = flat(weight + ".quant_map", kernels.device());
        var levels = kernels.tensor("nf4_levels", map);
        if (map.getDataType() != DataType.FLOAT32 || !Arrays.equals(map.toFloatArray(), levels.toFloatArray())) {
            throw malformed(weight + ".quant_map", "does not hold the sixteen levels of NF4");
        }
    }

    private NDArray table(String weight, JsonNode state, Kernels kernels) throws IOException {
        var map = flat(weight + ".nested_quant_map", kernels.device());
        var offset = (float) state.path("nested_offset").asDouble();
        return kernels.tensor("nf4_table", map, kernels.manager().create(offset));
    }

    /** A stored tensor as one row, in the innermost scope. */
    private NDArray flat(String name, Device device) throws IOException {
        try (var stored = checkpoint.stored(name, device)) {
            return stored.flatten();
        }
    }

    private static NDArray nothing(Kernels kernels) {
        return kernels.manager().create(new float[0]);
    }

    private MalformedDataException malformed(String name, String problem) {
        var here = checkpoint.layout().fromOriginal(name);
        return new MalformedDataException(checkpoint.folder(), "tensor '%s'".formatted(here), problem);
    }
}
