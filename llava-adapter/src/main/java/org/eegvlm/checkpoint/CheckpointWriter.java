package org.eegvlm.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorSpec;

/**
 * Writes the tensors of a model folder: {@code model.safetensors}, or shards and their index where that would be larger
 * than asked.
 *
 * <p>First every tensor is named with its type and shape; their bytes are asked for one tensor after another, when
 * their turn comes, so that a model of any size needs the memory of a part of one tensor. The files depend on the
 * tensors and the shard size alone.
 */
public final class CheckpointWriter {

    /** What transformers 4 takes, too: 5 GB. */
    public static final long SHARD_SIZE = 5_000_000_000L;

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** Gives the bytes of one tensor, in C order and little-endian. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /** A tensor that is yet to be written. */
    public record Tensor(String name, TensorSpec spec, Content content) {}

    /** @throws IllegalArgumentException if there is a tensor of this name already */
    public void add(Tensor tensor) {
        if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
            throw new IllegalArgumentException("two tensors are called '%s'".formatted(tensor.name()));
        }
    }

    /** How many bytes the tensors take on disk. */
    public long bytes() {
        return tensors.values().stream()
                .mapToLong(tensor -> tensor.spec().bytes())
                .sum();
    }

    /**
     * Writes into a folder that holds no weights yet; tensors fill the shards in the order in which they were added.
     *
     * @param shardSize the most bytes of tensors in one file, unless a single tensor is larger
     */
    public void write(Path folder, long shardSize, Progress progress) throws IOException {
        var shards = shards(shardSize);
        var weightMap = new TreeMap<String, String>();
        int done = 0;
        for (int i = 0; i < shards.size(); i++) {
            var name = shards.size() == 1 ? SINGLE : "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            shards.get(i).forEach(tensor -> weightMap.put(tensor.name(), name));
            done = writeShard(folder.resolve(name), shards.get(i), done, progress);
        }
        if (shards.size() > 1) {
            var index = new LinkedHashMap<String, Object>();
            index.put("metadata", Map.of("total_size", bytes()));
            index.put("weight_map", weightMap);
            Json.write(folder.resolve(INDEX), index);
        }
    }

    private int writeShard(Path file, List<Tensor> shard, int done, Progress progress) throws IOException {
        var layout = new LinkedHashMap<String, TensorSpec>();
        shard.forEach(tensor -> layout.put(tensor.name(), tensor.spec()));
        try (var writer = SafetensorsWriter.create(file, layout, METADATA)) {
            for (var tensor : shard) {
                try (var channel = writer.channel(tensor.name())) {
                    tensor.content().writeTo(channel);
                }
                progress.at("writing tensors", ++done, tensors.size(), "");
            }
        }
        // The folder is renamed when all is written: then its files must be on disk, not on their way.
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return done;
    }

    private List<List<Tensor>> shards(long shardSize) {
        var shards = new ArrayList<List<Tensor>>();
        var shard = new ArrayList<Tensor>();
        long filled = 0;
        for (var tensor : tensors.values()) {
            if (!shard.isEmpty() && filled + tensor.spec().bytes() > shardSize) {
                shards.add(shard);
                shard = new ArrayList<>();
                filled = 0;
            }
            shard.add(tensor);
            filled += tensor.spec().bytes();
        }
        shards.add(shard);
        return shards;
    }
}
