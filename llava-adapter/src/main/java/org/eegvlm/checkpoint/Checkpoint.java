package org.eegvlm.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.MappedTensors;
import org.eegvlm.kernels.Nf4Weight;
import org.eegvlm.tensor.Llama2cFile;
import org.eegvlm.tensor.TensorFile;
import org.eegvlm.tensor.TensorInfo;

/**
 * The weights of a model and its {@code config.json}, whatever files they lie in: safetensors or {@code torch.save}'s
 * {@code .bin}, whole or in shards, or a llama2.c checkpoint.
 *
 * <p>Tensors go by their names in the original LLaVA-1.5 layout, whatever the files call them ({@link KeyLayout}). Opening
 * reads headers only; tensors are mapped, not read. A missing tensor or one of another shape is told with the folder, the
 * name and both shapes. For one thread at a time.
 */
public final class Checkpoint {

    /** Tables that models recompute; old files hold them. */
    private static final List<String> IGNORED = List.of("rotary_emb.inv_freq", "position_ids");

    private static final Set<String> FLOATING = Set.of("F64", "F32", "F16", "BF16");

    private final Path path;
    private final Path folder;
    private final Path configFile;
    private final JsonNode config;
    private final KeyLayout layout;
    private final Map<String, Stored> tensors;

    /** A tensor by its name, and the shape it must have. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Wanted(String name, long... shape) {}

    /** Where a tensor lies, and what it is called there. */
    private record Stored(TensorFile file, String name) {
        TensorInfo info() {
            return file.tensor(name);
        }
    }

    private Checkpoint(
            Path path, Path folder, Path configFile, JsonNode config, KeyLayout layout, Map<String, Stored> tensors) {
        this.path = path;
        this.folder = folder;
        this.configFile = configFile;
        this.config = config;
        this.layout = layout;
        this.tensors = tensors;
    }

    /**
     * @param path a model folder, or the file of a llama2.c checkpoint
     * @throws IllegalArgumentException if it does not exist or holds no model
     * @throws MalformedDataException if the index or a file it names is not what it should be
     * @throws org.eegvlm.tensor.MalformedTensorException if a file breaks its format
     */
    public static Checkpoint open(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return llama2c(path);
        }
        var folder = FolderFiles.open(path);
        var config = folder.config();
        var files = WeightFiles.in(folder);
        var layout = KeyLayout.of(files.keySet());
        return new Checkpoint(path, path, path.resolve(FolderFiles.CONFIG), config, layout, named(path, layout, files));
    }

    /** What was opened: a folder, or the file of a llama2.c checkpoint. */
    public Path path() {
        return path;
    }

    /** The folder of the model; a llama2.c checkpoint's is the one it lies in. */
    public Path folder() {
        return folder;
    }

    /** The parsed {@code config.json}. A llama2.c checkpoint has none: its header in the same words. */
    public JsonNode config() {
        return config;
    }

    /** What messages name as the place of {@link #config()}. */
    public Path configFile() {
        return configFile;
    }

    /** How the files name their tensors. */
    public KeyLayout layout() {
        return layout;
    }

    /** The names of all tensors, in alphabetical order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * How the tensor is stored: element type and shape.
     *
     * @throws MalformedDataException if there is no such tensor
     */
    public TensorInfo info(String name) throws MalformedDataException {
        return find(name).info();
    }

    /**
     * A tensor on the device, in the given element type.
     *
     * <p>It belongs to the caller, who closes it; an open {@link ai.djl.ndarray.NDScope} does not touch it. Where type and
     * device allow, it is a view of the file, which so needs no memory twice. A quantised one is dequantised.
     *
     * @throws MalformedDataException if there is no such tensor, or one of another shape, or one of whole numbers
     */
    public NDArray tensor(String name, Device device, DataType type, long... expectedShape) throws IOException {
        var stored = tensors.get(name);
        if (stored == null) {
            throw missing(name, Arrays.toString(expectedShape));
        }
        if (isQuantized(name)) {
            return dequantized(name, device, type, expectedShape);
        }
        var info = stored.info();
        if (!Arrays.equals(info.shape(), expectedShape)) {
            throw malformed(
                    stored,
                    "has shape %s, %s wants %s"
                            .formatted(Arrays.toString(info.shape()), configFile(), Arrays.toString(expectedShape)));
        }
        if (!FLOATING.contains(info.dtype())) {
            throw malformed(stored, "is %s, not floating point".formatted(info.dtype()));
        }
        return mapped(stored.file()).get(stored.name(), device, type);
    }

    /** Tensors in the order in which they are wanted, all or none: those read before one that fails are closed. */
    public List<NDArray> tensors(List<Wanted> wanted, Device device, DataType type) throws IOException {
        var read = new ArrayList<NDArray>();
        try {
            for (var tensor : wanted) {
                read.add(tensor(tensor.name(), device, type, tensor.shape()));
            }
            return List.copyOf(read);
        } catch (IOException | RuntimeException e) {
            read.forEach(NDArray::close);
            throw e;
        }
    }

    /**
     * A tensor on the device in the type and shape in which it is stored, whole numbers too. It belongs to the caller, as
     * those of {@link #tensor} do.
     *
     * @throws MalformedDataException if there is no such tensor, or none here has its element type
     */
    public NDArray stored(String name, Device device) throws IOException {
        var stored = find(name);
        try {
            return mapped(stored.file()).stored(stored.name(), device);
        } catch (IllegalArgumentException e) {
            throw malformed(stored, String.valueOf(e.getMessage()));
        }
    }

    /** Whether bitsandbytes quantised the weight. */
    public boolean isQuantized(String name) {
        return new BitsAndBytes(this).holds(name);
    }

    /**
     * A weight that {@link #isQuantized}, as it is stored; for the caller to close.
     *
     * @throws MalformedDataException if it is not in NF4, or has another shape, or its parts contradict each other
     */
    public Nf4Weight quantized(String name, Device device, long... expectedShape) throws IOException {
        return new BitsAndBytes(this).read(name, device, expectedShape);
    }

    /**
     * A tensor as it is stored, in C order, little-endian; mapped where it is one block in its file.
     *
     * @throws MalformedDataException if there is no such tensor
     */
    public ByteBuffer bytes(String name) throws IOException {
        var stored = find(name);
        return stored.file().bytes(stored.name());
    }

    private NDArray dequantized(String name, Device device, DataType type, long... shape) throws IOException {
        try (var weight = quantized(name, device, shape)) {
            var values = weight.dequantize(type);
            NDScope.unregister(values);
            return values;
        }
    }

    private Stored find(String name) throws MalformedDataException {
        var stored = tensors.get(name);
        if (stored == null) {
            throw missing(name, "");
        }
        return stored;
    }

    private static MappedTensors mapped(TensorFile file) {
        return new MappedTensors(file);
    }

    private MalformedDataException missing(String name, String shape) {
        var here = layout.fromOriginal(name);
        return new MalformedDataException(
                folder, "no tensor '%s'%s in any file".formatted(here, shape.isEmpty() ? "" : " " + shape));
    }

    private static MalformedDataException malformed(Stored stored, String problem) {
        return new MalformedDataException(stored.file().path(), "tensor '%s'".formatted(stored.name()), problem);
    }

    private static Checkpoint llama2c(Path path) throws IOException {
        var file = Llama2cFile.open(path);
        var config = Llama2cConfig.of(file.header(), !file.tensors().containsKey("lm_head.weight"));
        var files = new TreeMap<String, TensorFile>();
        file.tensors().keySet().forEach(name -> files.put(name, file));
        return new Checkpoint(
                path,
                path.resolveSibling("").toAbsolutePath(),
                path,
                config,
                KeyLayout.ORIGINAL,
                named(path, KeyLayout.ORIGINAL, files));
    }

    private static Map<String, Stored> named(Path path, KeyLayout layout, Map<String, TensorFile> files)
            throws MalformedDataException {
        var tensors = new TreeMap<String, Stored>();
        for (var file : files.entrySet()) {
            var name = file.getKey();
            if (IGNORED.stream().anyMatch(name::endsWith)) {
                continue;
            }
            var other = tensors.put(layout.toOriginal(name), new Stored(file.getValue(), name));
            if (other != null) {
                throw new MalformedDataException(
                        path, "holds one tensor under two names, '%s' and '%s'".formatted(other.name(), name));
            }
        }
        return tensors;
    }
}
