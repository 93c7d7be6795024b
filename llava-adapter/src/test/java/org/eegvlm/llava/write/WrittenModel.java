package org.eegvlm.llava.write;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;

/** What lies in a model folder, to be compared. */
final class WrittenModel {

    private WrittenModel() {}

    /** A card whose every field says something. */
    static ModelCard card() {
        return new ModelCard(
                Optional.of(Json.MAPPER.createObjectNode().put("width", 336)),
                "v1",
                "Which?",
                "fuse",
                Optional.of("abc"),
                List.of(),
                List.of("s1"),
                Optional.empty(),
                true);
    }

    /** The bytes of every tensor, by its name in the original layout, after type and shape. */
    static Map<String, String> tensors(Path folder) throws IOException {
        var tensors = new TreeMap<String, String>();
        var checkpoint = Checkpoint.open(folder);
        for (var name : checkpoint.names()) {
            var info = checkpoint.info(name);
            var hex = new StringBuilder(info.dtype()).append(Arrays.toString(info.shape()));
            ByteBuffer bytes = checkpoint.bytes(name);
            var content = new byte[bytes.remaining()];
            bytes.get(content);
            tensors.put(name, hex.append(Arrays.hashCode(content)).toString());
        }
        return tensors;
    }

    static float[] floats(Path folder, String name) throws IOException {
        var checkpoint = Checkpoint.open(folder);
        try (var tensor = checkpoint.tensor(
                name, Device.cpu(), DataType.FLOAT32, checkpoint.info(name).shape())) {
            return tensor.toFloatArray();
        }
    }

    /** The hash of every file. */
    static Map<String, String> files(Path folder) throws IOException {
        var hashes = new TreeMap<String, String>();
        try (var paths = Files.walk(folder)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                hashes.put(folder.relativize(path).toString(), Sha256.of(path));
            }
        }
        return hashes;
    }
}
