package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.eegvlm.tensor.PickleValue.Tensor;
import org.eegvlm.tensor.ZipDirectory.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A flat state dict in the zip format of {@code torch.save}: {@code <root>/data.pkl} says which tensors there are,
 * {@code <root>/data/<key>} holds their bytes.
 *
 * <p>Opening reads the zip directory and the pickle, with a machine that knows what a state dict needs and refuses
 * everything else; tensors are checked against the storages. No file handle stays open.
 */
public final class TorchZip implements TensorFile {

    private static final String PICKLE = "/data.pkl";

    /** PROTO 2, the first opcode of a pickle. */
    private static final short PICKLE_PROTOCOL_2 = 0x0280;

    /** A shard of a large model has some 50 kB. */
    private static final int MAX_PICKLE = 16 << 20;

    private final Path file;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, TensorView> views = new LinkedHashMap<>();

    private TorchZip(Path file) {
        this.file = file;
    }

    /**
     * @throws MalformedTensorException if the file is no such zip, is cut off, or its pickle holds anything but named
     *     tensors of floating point or whole numbers
     */
    public static TorchZip open(Path file) throws IOException {
        refuseLegacy(file);
        var entries = ZipDirectory.read(file);
        var root = root(file, entries);
        refuseBigEndian(file, entries.get(root + "/byteorder"));
        var pickle = entries.get(root + PICKLE);
        if (pickle == null || pickle.size() > MAX_PICKLE) {
            throw new MalformedTensorException(
                    file, root + PICKLE, "missing, or larger than %d bytes".formatted(MAX_PICKLE));
        }
        var value = PickleMachine.load(file, FileBytes.read(file, pickle.offset(), (int) pickle.size()));
        if (!(value instanceof Map<?, ?> stateDict)) {
            throw new MalformedTensorException(file, "data.pkl", "not a state dict");
        }
        var zip = new TorchZip(file);
        for (var item : stateDict.entrySet()) {
            zip.add((String) item.getKey(), item.getValue(), root, entries);
        }
        return zip;
    }

    /**
     * Writes a state dict that {@code torch.load(file, weights_only=True)} reads; an existing file is replaced.
     *
     * @param tensors in the order in which they shall stand
     */
    public static void write(Path file, Map<String, TensorData> tensors) throws IOException {
        var layout = new LinkedHashMap<String, TensorSpec>();
        tensors.forEach((name, tensor) -> layout.put(name, tensor.spec()));
        write(file, layout, name -> Objects.requireNonNull(tensors.get(name)));
    }

    /** Where the tensors of a file come from, one after another. */
    @FunctionalInterface
    public interface Source {
        TensorData tensor(String name) throws IOException;
    }

    /**
     * The same, without having all tensors in memory at once.
     *
     * @param source asked for each in the order of the layout
     * @throws IllegalArgumentException if it gives one of another type or shape
     */
    public static void write(Path file, Map<String, TensorSpec> layout, Source source) throws IOException {
        TorchZipWriter.write(file, layout, source);
    }

    @Override
    public Path path() {
        return file;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public TensorView view(String name) {
        tensor(name);
        return views.getOrDefault(name, TensorView.dense());
    }

    /** Before torch 1.6, a file was a bare pickle; its storages stand behind it, where nothing can be mapped. */
    private static void refuseLegacy(Path file) throws IOException {
        if (Files.size(file) >= Short.BYTES
                && FileBytes.read(file, 0, Short.BYTES).getShort() == PICKLE_PROTOCOL_2) {
            throw new MalformedTensorException(
                    file,
                    "byte 0",
                    "is in torch's old format without a zip; load it in Python with torch.load(file,"
                            + " weights_only=True) and save it again with torch.save");
        }
    }

    private static String root(Path file, Map<String, Entry> entries) throws IOException {
        var roots = entries.keySet().stream()
                .filter(name -> name.endsWith(PICKLE))
                .map(name -> name.substring(0, name.length() - PICKLE.length()))
                .toList();
        if (roots.size() != 1) {
            throw new MalformedTensorException(
                    file, "zip directory", "expected one <root>/data.pkl, found %d".formatted(roots.size()));
        }
        return roots.get(0);
    }

    private static void refuseBigEndian(Path file, @Nullable Entry byteOrder) throws IOException {
        if (byteOrder == null) {
            return; // written before torch 2.1, always little-endian
        }
        var bytes = FileBytes.read(file, byteOrder.offset(), (int) Math.min(byteOrder.size(), 16));
        var order = StandardCharsets.UTF_8.decode(bytes).toString().strip();
        if (!order.equals("little")) {
            throw new MalformedTensorException(file, "byteorder", "only little-endian is read, found " + order);
        }
    }

    private void add(String name, Object value, String root, Map<String, Entry> entries) throws IOException {
        var place = "tensor '%s'".formatted(name);
        if (!(value instanceof Tensor tensor)) {
            throw new MalformedTensorException(file, place, "a flat state dict holds tensors only");
        }
        var storage = tensor.storage();
        var entry = entries.get(root + "/data/" + storage.key());
        if (entry == null) {
            throw new MalformedTensorException(file, place, "its storage %s is missing".formatted(storage.key()));
        }
        try {
            var view = new TensorView(tensor.shape(), tensor.strides());
            check(tensor, view, entry);
            int width = storage.type().width();
            long bytes = Shapes.elements(tensor.shape()) * width;
            long offset = entry.offset() + tensor.offset() * width;
            tensors.put(name, new TensorInfo(storage.type().name(), tensor.shape(), offset, bytes));
            views.put(name, view);
        } catch (IllegalArgumentException e) {
            throw new MalformedTensorException(file, place, String.valueOf(e.getMessage()));
        }
    }

    private static void check(Tensor tensor, TensorView view, Entry entry) {
        var storage = tensor.storage();
        require(
                Shapes.multiply(storage.elements(), storage.type().width()) <= entry.size(),
                "storage %s of %d %s is larger than its %d bytes in the file"
                        .formatted(storage.key(), storage.elements(), storage.type(), entry.size()));
        require(
                Shapes.elements(tensor.shape()) <= storage.elements()
                        && tensor.offset() >= 0
                        && tensor.offset() <= storage.elements() - view.span(),
                "offset %d, %s leave the %d elements of storage %s"
                        .formatted(tensor.offset(), view, storage.elements(), storage.key()));
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
