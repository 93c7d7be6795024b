package org.eegvlm.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import org.eegvlm.kernels.Tensors;

/**
 * A tensor on the CPU in parts of some rows: so that what is done with a mapped tensor needs the memory of a part.
 *
 * <p>A row is all that shares the first index; a tensor of one dimension has rows of one element.
 */
public final class TensorParts {

    /** 32 MiB in fp32. */
    private static final long ELEMENTS = 1 << 23;

    private static final int FLOAT16_EXPONENT = 0x7c00;

    private TensorParts() {}

    /** What becomes of some rows. */
    @FunctionalInterface
    public interface Change extends AutoCloseable {
        /**
         * @param rows those from number {@code first} on
         * @return as many rows, in the innermost scope
         */
        NDArray of(NDArray rows, long first) throws IOException;

        /** Lets go of what it needed. */
        @Override
        default void close() {}
    }

    /** What is done with some rows. */
    @FunctionalInterface
    public interface Use {
        void with(NDArray rows, long first) throws IOException;
    }

    /** Visits all parts in order; each is closed after it was used. */
    public static void each(NDArray tensor, Use use) throws IOException {
        if (tensor.size() == 0) {
            return;
        }
        var shape = tensor.getShape();
        var rows = shape.dimension() == 0 ? tensor.reshape(1) : tensor;
        long count = rows.getShape().get(0);
        long step = Math.max(1, ELEMENTS / (tensor.size() / count));
        for (long first = 0; first < count; first += step) {
            try (var scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                use.with(rows.get(new NDIndex("{}:{}", first, Math.min(count, first + step))), first);
            }
        }
        if (rows != tensor) {
            rows.close();
        }
    }

    /**
     * Writes a tensor, each part changed and then put into the given element type.
     *
     * @param name told in messages
     * @throws IllegalArgumentException if a value is too large for float16
     */
    public static void write(String name, NDArray tensor, Change change, DataType type, WritableByteChannel channel)
            throws IOException {
        each(tensor, (rows, first) -> {
            var changed = change.of(rows, first);
            var cast = changed.getDataType() == type ? changed : Tensors.cast(changed, type);
            var bytes = cast.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            if (type == DataType.FLOAT16 && changed.getDataType() != type) {
                requireFinite(name, bytes);
            }
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Writes a tensor as it is, in the given element type. */
    public static void write(String name, NDArray tensor, DataType type, WritableByteChannel channel)
            throws IOException {
        write(name, tensor, (rows, first) -> rows, type, channel);
    }

    private static void requireFinite(String name, ByteBuffer bytes) {
        var halves = bytes.asShortBuffer();
        while (halves.hasRemaining()) {
            if ((halves.get() & FLOAT16_EXPONENT) == FLOAT16_EXPONENT) {
                throw new IllegalArgumentException(
                        "tensor '%s' has a value that float16 cannot hold; choose bf16 or fp32".formatted(name));
            }
        }
    }
}
