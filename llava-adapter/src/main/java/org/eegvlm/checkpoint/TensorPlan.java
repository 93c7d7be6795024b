package org.eegvlm.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.eegvlm.checkpoint.TensorParts.Change;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorSpec;

/**
 * Which tensors of a checkpoint go into another, how, and in what element type: as they are, with values changed, or
 * with rows cut off or added.
 */
public final class TensorPlan {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final Checkpoint from;
    private final CheckpointWriter writer;
    private final Optional<StoredType> type;
    private final UnaryOperator<String> rename;

    /** Prepares a change when the turn of its tensor comes. */
    @FunctionalInterface
    public interface Opening {
        Change open() throws IOException;
    }

    /**
     * @param writer to which the tensors are added; several plans may share one
     * @param type of all tensors; without it, each keeps its own
     * @param rename what a tensor of the original layout shall be called
     */
    public TensorPlan(
            Checkpoint from, CheckpointWriter writer, Optional<StoredType> type, UnaryOperator<String> rename) {
        this.from = from;
        this.writer = writer;
        this.type = type;
        this.rename = rename;
    }

    /** What the checkpoint has, layer 10 after layer 9. */
    public List<String> names() {
        return from.names().stream()
                .sorted(Comparator.comparing(
                        name -> NUMBER.matcher(name).replaceAll(number -> "%6s".formatted(number.group()))))
                .toList();
    }

    /** The element type that a tensor of the checkpoint will have. */
    public StoredType type(String name) throws IOException {
        var stored = stored(name);
        return type.orElse(stored);
    }

    /** The tensor as it is. */
    public void copy(String name) throws IOException {
        change(name, () -> (rows, first) -> rows);
    }

    /** The tensor with other values; the change is given its rows in their stored type. */
    public void change(String name, Opening opening) throws IOException {
        var shape = from.info(name).shape();
        var wanted = type(name);
        add(name, wanted, shape, channel -> {
            try (var change = opening.open();
                    var tensor = open(name)) {
                TensorParts.write(name, tensor, change, wanted.type(), channel);
            }
        });
    }

    /** The tensor with its first {@code rows} rows; those that it lacks are copies of the mean of those that it has. */
    public void resize(String name, long rows) throws IOException {
        var shape = from.info(name).shape();
        long missing = rows - shape[0];
        shape[0] = rows;
        var wanted = type(name);
        add(name, wanted, shape, channel -> {
            try (var tensor = open(name);
                    var kept = missing < 0 ? tensor.get("0:" + rows) : tensor) {
                TensorParts.write(name, kept, wanted.type(), channel);
                if (missing > 0) {
                    writeMean(tensor, missing, wanted, channel);
                }
            }
        });
    }

    /** A tensor that comes from elsewhere. */
    public void put(String name, TensorData tensor) {
        writer.add(new CheckpointWriter.Tensor(
                rename.apply(name), tensor.spec(), channel -> channel.write(tensor.bytes())));
    }

    private void add(String name, StoredType wanted, long[] shape, CheckpointWriter.Content content) {
        var spec = new TensorSpec(wanted.name(), shape);
        writer.add(new CheckpointWriter.Tensor(rename.apply(name), spec, content));
    }

    private NDArray open(String name) throws IOException {
        return from.tensor(
                name, Device.cpu(), stored(name).type(), from.info(name).shape());
    }

    private StoredType stored(String name) throws IOException {
        var dtype = from.info(name).dtype();
        return StoredType.named(dtype)
                .orElseThrow(() -> new MalformedDataException(
                        from.folder(),
                        "tensor '%s'".formatted(name),
                        "is %s: a quantised model cannot be written anew; give it as it was before".formatted(dtype)));
    }

    /** Sums in double and in one order, so that the same rows give the same bits everywhere. */
    private static void writeMean(NDArray tensor, long times, StoredType wanted, WritableByteChannel channel)
            throws IOException {
        long rows = tensor.getShape().get(0);
        int width = Math.toIntExact(tensor.size() / rows);
        var sums = new double[width];
        TensorParts.each(tensor, (part, first) -> {
            var values = Tensors.floats(part);
            for (int i = 0; i < values.length; i++) {
                sums[i % width] += values[i];
            }
        });
        var mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sums[i] / rows);
        }
        var row = TensorData.of(wanted.name(), mean, width);
        for (long n = 0; n < times; n++) {
            channel.write(row.bytes());
        }
    }
}
