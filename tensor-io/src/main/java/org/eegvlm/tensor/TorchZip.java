package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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
public final class TorchZip {

    private static final String PICKLE = "/data.pkl";

    /** A shard of a large model has some 50 kB. */
    private static final int MAX_PICKLE = 16 << 20;

    private final Path file;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, Tensor> views = new LinkedHashMap<>();

    private TorchZip(Path file) {
        this.file = file;
    }

    /**
     * @throws MalformedTensorException if the file is no such zip, is cut off, or its pickle holds anything but named
     *     tensors of float32, float16, bfloat16, int64 or uint8
     */
    public static TorchZip open(Path file) throws IOException {
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
        TorchZipWriter.write(file, tensors);
    }

    public Path path() {
        return file;
    }

    /** All tensors. The bytes of one that is no contiguous block are not consecutive; {@link #bytes} gathers them. */
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** @throws IllegalArgumentException if there is no such tensor */
    public TensorInfo tensor(String name) {
        var info = tensors.get(name);
        if (info == null) {
            throw new IllegalArgumentException("%s has no tensor '%s'".formatted(file, name));
        }
        return info;
    }

    /** The tensor in C order, little-endian: mapped where it is one block in the file, else gathered. */
    public ByteBuffer bytes(String name) throws IOException {
        var info = tensor(name);
        var view = view(name);
        return contiguous(view)
                ? FileBytes.map(file, info.offset(), info.bytes())
                : gather(view, info, FileBytes.map(file, info.offset(), span(view) * width(view)));
    }

    /**
     * The tensor in C order, F16 and BF16 widened.
     *
     * @throws IllegalArgumentException if there is no such tensor or it holds whole numbers
     */
    public float[] floats(String name) throws IOException {
        var info = tensor(name);
        var type = ElementType.of(info.dtype());
        if (contiguous(view(name))) {
            return FileBytes.floats(file, info.offset(), info.elements(), type);
        }
        var bytes = bytes(name);
        var values = new float[(int) info.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.get(bytes);
        }
        return values;
    }

    private Tensor view(String name) {
        var view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("%s has no tensor '%s'".formatted(file, name));
        }
        return view;
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
        if (!(value instanceof Tensor view)) {
            throw new MalformedTensorException(file, place, "a flat state dict holds tensors only");
        }
        var entry = entries.get(root + "/data/" + view.storage().key());
        if (entry == null) {
            throw new MalformedTensorException(
                    file,
                    place,
                    "its storage %s is missing".formatted(view.storage().key()));
        }
        try {
            check(view, entry);
        } catch (IllegalArgumentException e) {
            throw new MalformedTensorException(file, place, String.valueOf(e.getMessage()));
        }
        long bytes = Shapes.elements(view.shape()) * width(view);
        long offset = entry.offset() + view.offset() * width(view);
        tensors.put(name, new TensorInfo(view.storage().type().name(), view.shape(), offset, bytes));
        views.put(name, view);
    }

    private static void check(Tensor view, Entry entry) {
        var storage = view.storage();
        require(
                Shapes.multiply(storage.elements(), width(view)) <= entry.size(),
                "storage %s of %d %s is larger than its %d bytes in the file"
                        .formatted(storage.key(), storage.elements(), storage.type(), entry.size()));
        long elements = Shapes.elements(view.shape());
        require(view.shape().length == view.strides().length, "size and stride differ in length");
        require(Arrays.stream(view.strides()).noneMatch(stride -> stride < 0), "negative stride");
        require(
                elements <= storage.elements()
                        && view.offset() >= 0
                        && view.offset() <= storage.elements() - span(view),
                "offset %d, size %s and stride %s leave the %d elements of storage %s"
                        .formatted(
                                view.offset(),
                                Arrays.toString(view.shape()),
                                Arrays.toString(view.strides()),
                                storage.elements(),
                                storage.key()));
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** How far the view reaches from its first element, in elements; 0 for an empty one. */
    private static long span(Tensor view) {
        if (Shapes.elements(view.shape()) == 0) {
            return 0;
        }
        long last = 0;
        for (int d = 0; d < view.shape().length; d++) {
            last = Shapes.add(last, Shapes.multiply(view.shape()[d] - 1, view.strides()[d]));
        }
        return Shapes.add(last, 1);
    }

    private static boolean contiguous(Tensor view) {
        long[] dense = Shapes.strides(view.shape());
        for (int d = 0; d < dense.length; d++) {
            if (view.shape()[d] > 1 && view.strides()[d] != dense[d]) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer gather(Tensor view, TensorInfo info, ByteBuffer from) {
        var to = ByteBuffer.allocate(Math.toIntExact(info.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        int width = width(view);
        var index = new long[view.shape().length];
        while (to.hasRemaining()) {
            long element = 0;
            for (int d = 0; d < index.length; d++) {
                element += index[d] * view.strides()[d];
            }
            to.put(from.slice((int) element * width, width));
            for (int d = index.length - 1; d >= 0 && ++index[d] == view.shape()[d]; d--) {
                index[d] = 0;
            }
        }
        return to.flip();
    }

    private static int width(Tensor view) {
        return view.storage().type().width();
    }
}
