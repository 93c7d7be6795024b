package org.eegvlm.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.kernels.MappedSafetensors;
import org.eegvlm.tensor.SafetensorsFile;

/**
 * A model folder: {@code config.json}, and tensors in {@code model.safetensors} or in the shards that
 * {@code model.safetensors.index.json} names.
 *
 * <p>Opening reads headers only; tensors are mapped, not read. Tensors are found by name; a missing one or one of
 * another shape is told with the folder, the name and both shapes. For one thread at a time.
 */
public final class Checkpoint implements AutoCloseable {

    private static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path folder;
    private final JsonNode config;
    private final Map<String, SafetensorsFile> tensors;
    private final Map<Target, MappedSafetensors> maps = new HashMap<>();

    /** A tensor by its name, and the shape it must have. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Wanted(String name, long... shape) {}

    private record Target(Path file, Device device) {}

    private Checkpoint(Path folder, JsonNode config, Map<String, SafetensorsFile> tensors) {
        this.folder = folder;
        this.config = config;
        this.tensors = tensors;
    }

    /**
     * @throws IllegalArgumentException if the folder does not exist or holds no model
     * @throws MalformedDataException if the index or a file it names is not what it should be
     */
    public static Checkpoint open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no model folder " + folder);
        }
        var configFile = folder.resolve(CONFIG);
        if (!Files.isRegularFile(configFile)) {
            throw new IllegalArgumentException(folder + " has no " + CONFIG + ": it is no model folder");
        }
        return new Checkpoint(folder, Json.readTree(configFile), tensorsIn(folder));
    }

    public Path folder() {
        return folder;
    }

    /** The parsed {@code config.json}. */
    public JsonNode config() {
        return config;
    }

    public Path configFile() {
        return folder.resolve(CONFIG);
    }

    /** The names of all tensors, in alphabetical order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * A tensor on the device, in the given element type.
     *
     * <p>It belongs to the caller, who closes it; an open {@link ai.djl.ndarray.NDScope} does not touch it. Where type and
     * device allow, it is a view of the file, which so needs no memory twice.
     *
     * @throws MalformedDataException if the folder has no such tensor, or one of another shape
     */
    public NDArray tensor(String name, Device device, DataType type, long... expectedShape) throws IOException {
        var file = tensors.get(name);
        if (file == null) {
            throw new MalformedDataException(
                    folder, "no tensor '%s' %s in any file".formatted(name, Arrays.toString(expectedShape)));
        }
        var shape = file.tensor(name).shape();
        if (!Arrays.equals(shape, expectedShape)) {
            throw new MalformedDataException(
                    file.path(),
                    "tensor '%s'".formatted(name),
                    "has shape %s, %s wants %s"
                            .formatted(Arrays.toString(shape), configFile(), Arrays.toString(expectedShape)));
        }
        return mapped(file.path(), device).get(name, type);
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

    /** Lets go of the maps; the tensors that were read stay. */
    @Override
    public void close() {
        maps.values().forEach(MappedSafetensors::close);
        maps.clear();
    }

    private MappedSafetensors mapped(Path file, Device device) throws IOException {
        var key = new Target(file, device);
        var map = maps.get(key);
        if (map == null) {
            map = MappedSafetensors.open(file, device);
            maps.put(key, map);
        }
        return map;
    }

    private static Map<String, SafetensorsFile> tensorsIn(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(INDEX))) {
            return sharded(folder, folder.resolve(INDEX));
        }
        var single = folder.resolve(SINGLE);
        if (!Files.isRegularFile(single)) {
            throw new IllegalArgumentException(
                    "%s has neither %s nor %s; save its weights as safetensors".formatted(folder, SINGLE, INDEX));
        }
        var tensors = new TreeMap<String, SafetensorsFile>();
        var file = SafetensorsFile.open(single);
        file.tensors().keySet().forEach(name -> tensors.put(name, file));
        return tensors;
    }

    private static Map<String, SafetensorsFile> sharded(Path folder, Path index) throws IOException {
        var shards = new HashMap<String, SafetensorsFile>();
        var tensors = new TreeMap<String, SafetensorsFile>();
        for (var entry : Json.readTree(index).path("weight_map").properties()) {
            var shardName = entry.getValue().asText();
            var shard = shards.get(shardName);
            if (shard == null) {
                shard = SafetensorsFile.open(shardPath(folder, index, shardName));
                shards.put(shardName, shard);
            }
            if (!shard.tensors().containsKey(entry.getKey())) {
                throw new MalformedDataException(
                        index, "tensor '%s'".formatted(entry.getKey()), "is not in " + shardName);
            }
            tensors.put(entry.getKey(), shard);
        }
        if (tensors.isEmpty()) {
            throw new MalformedDataException(index, "weight_map is missing or empty");
        }
        return tensors;
    }

    /** An index comes from strangers: its files must lie in the folder itself. */
    private static Path shardPath(Path folder, Path index, String name) throws IOException {
        if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith(".")) {
            throw new MalformedDataException(index, "'%s' is no plain file name".formatted(name));
        }
        var path = folder.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new MalformedDataException(index, "names %s, which is not in the folder".formatted(name));
        }
        return path;
    }
}
