package org.eegvlm.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A weight matrix in four bits a value: NF4 with double quantisation (Dettmers et al. 2023, arXiv:2305.14314), equal to
 * what bitsandbytes makes of the same values and in its layout. It takes 4.127 bits a value.
 *
 * <p>n values, row after row, stand in blocks of 64; every block has its largest magnitude, and the magnitudes stand in
 * blocks of 256. Owns its tensors until it is closed; an open {@link NDScope} does not touch them.
 *
 * @param packed uint8 [(n + 1) / 2], two level numbers a byte, the first in the high half
 * @param absmax the magnitudes [ceil(n / 64)]: fp32, or uint8 codes
 * @param scales fp32 [ceil(n / 64 / 256)], what the codes of each block are multiplied by; empty where absmax is fp32
 * @param table fp32 [257]: what each code means, then the mean of the magnitudes; empty where absmax is fp32
 * @param shape of the matrix, [out, in]
 */
public record Nf4Weight(NDArray packed, NDArray absmax, NDArray scales, NDArray table, Shape shape)
        implements AutoCloseable {

    /** The functions {@code nf4_*}, for kernels that compute with such weights. */
    public static final KernelSource SOURCE = new KernelSource(Nf4Weight.class, "nf4.kernels.py");

    /** Values that share a magnitude. */
    public static final int BLOCK = 64;

    /** Magnitudes that share a scale. */
    public static final int NESTED_BLOCK = 256;

    private static final Map<Device, Kernels> KERNELS = new ConcurrentHashMap<>();

    public Nf4Weight {
        long values = shape.size();
        long blocks = ceil(values, BLOCK);
        requireLength("packed", packed, DataType.UINT8, ceil(values, 2));
        if (absmax.getDataType() == DataType.UINT8) {
            requireLength("absmax", absmax, DataType.UINT8, blocks);
            requireLength("scales", scales, DataType.FLOAT32, ceil(blocks, NESTED_BLOCK));
            requireLength("table", table, DataType.FLOAT32, 257);
        } else {
            requireLength("absmax", absmax, DataType.FLOAT32, blocks);
        }
    }

    /**
     * Quantises a matrix, which stays as it is.
     *
     * @param weight fp32, bf16 or fp16 [out, in]
     * @throws IllegalArgumentException if a value is not finite, or so large that their mean is not
     */
    public static Nf4Weight quantize(NDArray weight) {
        var kernels = kernels(weight.getDevice());
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var quantized = kernels.tensors("nf4_quantize", weight);
            var compressed = kernels.tensors("nf4_compress", quantized.get(1));
            requireFinite(compressed.get(1).toFloatArray());
            requireFinite(compressed.get(2).toFloatArray());
            var held = new Nf4Weight(
                    quantized.get(0), compressed.get(0), compressed.get(1), compressed.get(2), weight.getShape());
            held.tensors().forEach(NDScope::unregister);
            return held;
        }
    }

    /** The values [out, in] in FLOAT32, BFLOAT16 or FLOAT16; they belong to the innermost open scope, or to the caller. */
    public NDArray dequantize(DataType type) {
        return kernels(packed.getDevice())
                .tensor(
                        "nf4_matrix",
                        packed,
                        absmax,
                        scales,
                        table,
                        new long[] {shape.get(0), shape.get(1)},
                        Tensors.scalarType(type));
    }

    /** All of it: {@code packed, absmax, scales, table}. */
    public List<NDArray> tensors() {
        return List.of(packed, absmax, scales, table);
    }

    /** What a kernel needs beside {@link #packed}: {@code absmax, scales, table}. */
    public List<NDArray> statistics() {
        return List.of(absmax, scales, table);
    }

    /** Three empty tensors, which stand for the statistics of a weight that is not quantised; for the caller to close. */
    public static List<NDArray> noStatistics(Device device) {
        var manager = kernels(device).manager();
        var nothing =
                Stream.generate(() -> manager.create(new float[0])).limit(3).toList();
        nothing.forEach(NDScope::unregister);
        return nothing;
    }

    /** How much memory it takes. */
    public long bytes() {
        return packed.size()
                + 4 * (scales.size() + table.size())
                + absmax.size() * absmax.getDataType().getNumOfBytes();
    }

    @Override
    public void close() {
        tensors().forEach(NDArray::close);
    }

    /** The functions {@code nf4_*}, compiled once for each device; not to be closed. */
    public static Kernels kernels(Device device) {
        return KERNELS.computeIfAbsent(device, key -> Kernels.load(key, MatrixProducts.SOURCE, SOURCE));
    }

    private static void requireLength(String name, NDArray tensor, DataType type, long length) {
        if (tensor.getDataType() != type || tensor.getShape().dimension() != 1 || tensor.size() != length) {
            throw new IllegalArgumentException(
                    "%s is %s %s, not %s [%d]".formatted(name, tensor.getDataType(), tensor.getShape(), type, length));
        }
    }

    private static void requireFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("holds values that are not finite, or too large for NF4");
            }
        }
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
