package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One model as transformers and torch write it in every layout; {@code reference/make_layouts.py} makes it. */
@Tag("reference")
class LayoutsTest {

    @ParameterizedTest
    @ValueSource(strings = {"hub", "memory", "original", "original-sharded", "original-bin"})
    void findsTheSameTensorsUnderTheSameNames(String layout) throws Exception {
        assertThat(hashes(folder(layout))).isEqualTo(hashesOfTransformers(""));
    }

    @Test
    void findsTheTensorsOfShardsInTorchsFormat() throws Exception {
        assertThat(hashes(folder("original-bin-sharded"))).isEqualTo(hashesOfTransformers("vision_tower"));
    }

    @Test
    void findsTheTowerInAWholeClip() throws Exception {
        var clip = hashes(folder("clip-bin"));

        var expected = hashesOfTransformers("");
        expected.keySet().removeIf(name -> !name.startsWith(KeyLayout.TOWER));
        assertThat(clip).containsAllEntriesOf(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "hub, llava-hf",
        "memory, llava-hf of transformers 4.52",
        "original, original",
        "original-bin-sharded, original",
        "clip-bin, CLIP"
    })
    void tellsTheLayoutFromTheNames(String folder, String layout) throws Exception {
        var checkpoint = Checkpoint.open(folder(folder));
        assertThat(checkpoint.layout()).hasToString(layout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"original", "original-bin"})
    void givesTensorsInAnotherType(String layout) throws Exception {
        var name = "model.layers.0.mlp.up_proj.weight"; // transposed in original-bin
        var checkpoint = Checkpoint.open(folder(layout));
        var truth = Checkpoint.open(folder("hub"));
        try (var half = checkpoint.tensor(name, Device.cpu(), DataType.FLOAT16, 12, 8);
                var single = checkpoint.tensor(name, Device.cpu(), DataType.FLOAT32, 12, 8);
                var expected = truth.tensor(name, Device.cpu(), DataType.FLOAT32, 12, 8)) {
            assertThat(single.toFloatArray()).isEqualTo(expected.toFloatArray());
            assertThat(half.getDataType()).isEqualTo(DataType.FLOAT16);
        }
    }

    private static Map<String, String> hashes(Path folder) throws IOException, NoSuchAlgorithmException {
        var hashes = new TreeMap<String, String>();
        var checkpoint = Checkpoint.open(folder);
        for (var name : checkpoint.names()) {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(checkpoint.bytes(name));
            hashes.put(name, HexFormat.of().formatHex(sha.digest(), 0, 8));
        }
        return hashes;
    }

    private static Map<String, String> hashesOfTransformers(String without) throws Exception {
        var hashes = new TreeMap<String, String>();
        Json.readTree(folder("hashes.json")).properties().forEach(entry -> {
            if (without.isEmpty() || !entry.getKey().contains(without)) {
                hashes.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return hashes;
    }

    private static Path folder(String layout) throws URISyntaxException {
        return Path.of(LayoutsTest.class.getResource("layouts").toURI()).resolve(layout);
    }
}
