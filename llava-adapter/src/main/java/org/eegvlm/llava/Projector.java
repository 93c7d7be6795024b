package org.eegvlm.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.Checkpoint.Wanted;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.checkpoint.StoredType;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Output;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.tensor.MalformedTensorException;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TensorSpec;
import org.eegvlm.tensor.TorchZip;

/**
 * From the tower's width to the decoder's: {@code W2 · gelu(W0 · x + b0) + b2}, LLaVA's {@code mlp2x_gelu}.
 *
 * <p>Feature rows go through it as well as pictures. Its four tensors are kept in float32, or float64 where
 * the model computes in it, as they may be trained; it computes in the type of its input. Owns them until it is closed.
 */
public final class Projector implements AutoCloseable {

    /** What a LoRA folder holds besides the adapter. */
    static final String FILE = "non_lora_trainables.bin";

    private static final List<String> NAMES = List.of("0.weight", "0.bias", "2.weight", "2.bias");
    private static final String IN_MODEL = "model.mm_projector.";
    private static final String IN_LORA_FOLDER = "base_model.model.";

    private final Kernels kernels;
    private final int inputWidth;
    private final int outputWidth;
    private final List<NDArray> parameters;

    private Projector(Kernels kernels, int inputWidth, int outputWidth, List<NDArray> parameters) {
        this.kernels = kernels;
        this.inputWidth = inputWidth;
        this.outputWidth = outputWidth;
        this.parameters = parameters;
    }

    /** The projector of a model, from wherever the kind of its folder says. */
    static Projector load(Kernels kernels, ModelFolder folder, int inputWidth, int outputWidth, DataType type)
            throws IOException {
        if (!folder.isWhole() && isTuned(folder)) {
            return load(kernels, folder.model(), inputWidth, outputWidth);
        }
        return load(kernels, folder.base(), inputWidth, outputWidth, type);
    }

    /**
     * Whether a folder over a base has a projector of its own: an adapter that was made on transformers' own LLaVA leaves
     * the projector as it is; LLaVA's code trains it.
     */
    public static boolean isTuned(ModelFolder folder) throws IOException {
        return folder.adapter().isEmpty()
                || file(folder.model()).isPresent()
                || LoraAdapter.keyLayout(folder.model()) == KeyLayout.ORIGINAL;
    }

    /** The projector of a model with full weights. */
    private static Projector load(
            Kernels kernels, Checkpoint checkpoint, int inputWidth, int outputWidth, DataType type) throws IOException {
        var wanted = NAMES.stream()
                .map(name -> new Wanted(IN_MODEL + name, shape(name, inputWidth, outputWidth)))
                .toList();
        var parameters =
                checkpoint.tensors(wanted, kernels.device(), type == DataType.FLOAT64 ? type : DataType.FLOAT32);
        return new Projector(kernels, inputWidth, outputWidth, parameters);
    }

    /** The projector of a LoRA folder, or of a folder with nothing but the projector. */
    static Projector load(Kernels kernels, Path loraFolder, int inputWidth, int outputWidth) throws IOException {
        var saved = Saved.open(loraFolder, inputWidth, outputWidth);
        var parameters = new ArrayList<NDArray>();
        for (var name : NAMES) {
            var shape = new Shape(shape(name, inputWidth, outputWidth));
            parameters.add(kernels.manager().create(saved.values(name), shape));
        }
        parameters.forEach(NDScope::unregister);
        return new Projector(kernels, inputWidth, outputWidth, List.copyOf(parameters));
    }

    /**
     * @param x [..., inputWidth]
     * @return [..., outputWidth], in the innermost scope
     */
    NDArray project(NDArray x) {
        return kernels.tensor("project", x, parameters);
    }

    /** 0.weight, 0.bias, 2.weight, 2.bias; an optimiser may change them in place. */
    public List<NDArray> parameters() {
        return parameters;
    }

    /**
     * Writes {@value #FILE} into the folder, with the names under which LLaVA's own code saves. One tensor after another
     * is on the heap.
     */
    public void save(Path folder) throws IOException {
        var byName = new LinkedHashMap<String, NDArray>();
        var layout = new LinkedHashMap<String, TensorSpec>();
        for (int i = 0; i < NAMES.size(); i++) {
            var name = IN_LORA_FOLDER + IN_MODEL + NAMES.get(i);
            byName.put(name, parameters.get(i));
            layout.put(name, new TensorSpec("F32", parameters.get(i).getShape().getShape()));
        }
        var output = Output.begin(folder.resolve(FILE), true);
        TorchZip.write(output.partial(), layout, name -> {
            var tensor = Objects.requireNonNull(byName.get(name));
            return TensorData.f32(Tensors.floats(tensor), tensor.getShape().getShape());
        });
        output.finish();
    }

    /** Sets the tensors, in place, to what {@link #save} wrote. */
    public void restore(Path folder) throws IOException {
        var saved = Saved.open(folder, inputWidth, outputWidth);
        for (int i = 0; i < NAMES.size(); i++) {
            var tensor = parameters.get(i);
            try (var values = kernels.manager().create(saved.values(NAMES.get(i)), tensor.getShape())) {
                values.copyTo(tensor);
            }
        }
    }

    @Override
    public void close() {
        parameters.forEach(NDArray::close);
    }

    /**
     * The tensors of such a folder's projector, to be written into a model.
     *
     * @param type in which they shall lie there
     */
    public static Map<String, TensorData> tensors(Path folder, int inputWidth, int outputWidth, StoredType type)
            throws IOException {
        var saved = Saved.open(folder, inputWidth, outputWidth);
        var tensors = new LinkedHashMap<String, TensorData>();
        for (var name : NAMES) {
            tensors.put(
                    IN_MODEL + name,
                    TensorData.of(type.name(), saved.values(name), shape(name, inputWidth, outputWidth)));
        }
        return tensors;
    }

    /**
     * A file with the four tensors, all of them there and of the right shape, none of them read yet.
     *
     * @param keys what they are called there, by our names
     */
    private record Saved(TorchZip zip, Map<String, String> keys) {

        static Saved open(Path folder, int inputWidth, int outputWidth) throws IOException {
            var file = file(folder)
                    .orElseThrow(() -> new MalformedDataException(
                            folder, "has an adapter but no " + FILE + ": the projector is missing"));
            try {
                var zip = TorchZip.open(file);
                var inFile = stripped(zip);
                var keys = new HashMap<String, String>();
                for (var name : NAMES) {
                    var key = inFile.get(IN_MODEL + name);
                    if (key == null) {
                        throw new MalformedDataException(file, "no tensor '" + IN_MODEL + name + "'");
                    }
                    requireShape(file, key, zip.tensor(key).shape(), shape(name, inputWidth, outputWidth));
                    keys.put(name, key);
                }
                return new Saved(zip, keys);
            } catch (MalformedTensorException e) {
                throw unreadable(file, e);
            }
        }

        float[] values(String name) throws IOException {
            try {
                return zip.floats(Objects.requireNonNull(keys.get(name)));
            } catch (MalformedTensorException e) {
                throw unreadable(zip.path(), e);
            }
        }

        private static MalformedDataException unreadable(Path file, MalformedTensorException problem) {
            return new MalformedDataException(file, "not a readable state dict: " + problem.getMessage());
        }
    }

    private static Optional<Path> file(Path folder) throws IOException {
        var files = FolderFiles.open(folder);
        var lora = files.file(FILE);
        return lora.isPresent() ? lora : files.file(ModelFolder.PROJECTOR);
    }

    /** LLaVA's rule: drop {@code base_model.}; if names then begin with {@code model.model.}, drop one {@code model.}. */
    private static Map<String, String> stripped(TorchZip zip) {
        var names = new TreeMap<String, String>();
        zip.tensors().keySet().forEach(key -> names.put(without("base_model.", key), key));
        if (names.keySet().stream().noneMatch(name -> name.startsWith("model.model."))) {
            return names;
        }
        var shorter = new TreeMap<String, String>();
        names.forEach((name, key) -> shorter.put(without("model.", name), key));
        return shorter;
    }

    private static String without(String prefix, String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    private static void requireShape(Path file, String key, long[] found, long[] wanted) throws IOException {
        if (!Arrays.equals(found, wanted)) {
            throw new MalformedDataException(
                    file,
                    "tensor '" + key + "'",
                    "has shape %s, the model wants %s".formatted(Arrays.toString(found), Arrays.toString(wanted)));
        }
    }

    private static long[] shape(String name, int inputWidth, int outputWidth) {
        return switch (name) {
            case "0.weight" -> new long[] {outputWidth, inputWidth};
            case "2.weight" -> new long[] {outputWidth, outputWidth};
            default -> new long[] {outputWidth};
        };
    }
}
