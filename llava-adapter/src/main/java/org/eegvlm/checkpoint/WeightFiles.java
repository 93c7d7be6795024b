package org.eegvlm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorFile;
import org.eegvlm.tensor.TorchZip;

/** The files that hold a model's weights, found by the names under which transformers saves them, in its order. */
final class WeightFiles {

    private static final String SAFETENSORS = "model.safetensors";
    private static final String TORCH = "pytorch_model.bin";
    private static final String INDEX = ".index.json";

    /** The index of a model of 70 billion parameters has some 70 kB, quantised some 500 kB. */
    private static final long LARGEST_INDEX = 16 << 20;

    private WeightFiles() {}

    /**
     * The file of every tensor, by the name it has there.
     *
     * @throws IllegalArgumentException if the folder has no weights under a known name
     */
    static Map<String, TensorFile> in(FolderFiles folder) throws IOException {
        for (var single : new String[] {SAFETENSORS, TORCH}) {
            var file = folder.file(single);
            if (file.isPresent()) {
                return all(open(file.get()));
            }
            if (folder.file(single + INDEX).isPresent()) {
                return sharded(folder, single + INDEX);
            }
        }
        throw new IllegalArgumentException("%s has no weights: none of %s, %s%s, %s, %s%s"
                .formatted(folder.path(), SAFETENSORS, SAFETENSORS, INDEX, TORCH, TORCH, INDEX));
    }

    private static Map<String, TensorFile> all(TensorFile file) {
        var tensors = new TreeMap<String, TensorFile>();
        file.tensors().keySet().forEach(name -> tensors.put(name, file));
        return tensors;
    }

    private static Map<String, TensorFile> sharded(FolderFiles folder, String indexName) throws IOException {
        var index = folder.path().resolve(indexName);
        var shards = new HashMap<String, TensorFile>();
        var tensors = new TreeMap<String, TensorFile>();
        for (Map.Entry<String, JsonNode> entry :
                folder.json(indexName, LARGEST_INDEX).path("weight_map").properties()) {
            var shardName = entry.getValue().asText();
            var shard = shards.get(shardName);
            if (shard == null) {
                shard = open(shard(folder, index, shardName));
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
    private static Path shard(FolderFiles folder, Path index, String name) throws IOException {
        boolean plain = name.chars().noneMatch(c -> c == '/' || c == '\\' || c == 0) && !name.startsWith(".");
        if (name.isEmpty() || !plain) {
            throw new MalformedDataException(index, "'%s' is no plain file name".formatted(name));
        }
        return folder.file(name)
                .orElseThrow(() ->
                        new MalformedDataException(index, "names %s, which is not in the folder".formatted(name)));
    }

    private static TensorFile open(Path file) throws IOException {
        return file.toString().endsWith(".safetensors") ? SafetensorsFile.open(file) : TorchZip.open(file);
    }
}
