package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir
    private Path folder;

    @Test
    void readsATensorFromASingleFile() throws IOException {
        config();
        write("model.safetensors", "a", 1, 2, 3);

        var checkpoint = Checkpoint.open(folder);
        try (var tensor = checkpoint.tensor("a", Device.cpu(), DataType.FLOAT32, 3)) {
            assertThat(tensor.toFloatArray()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void findsEachTensorInItsShard() throws IOException {
        config();
        write("model-00001-of-00002.safetensors", "a", 1);
        write("model-00002-of-00002.safetensors", "b", 2);
        index("{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}");

        var checkpoint = Checkpoint.open(folder);
        try (var tensor = checkpoint.tensor("b", Device.cpu(), DataType.FLOAT32, 1)) {
            assertThat(checkpoint.names()).containsExactly("a", "b");
            assertThat(tensor.toFloatArray()).containsExactly(2);
        }
    }

    @Test
    void namesTheMissingTensor() throws IOException {
        config();
        write("model.safetensors", "a", 1);

        var checkpoint = Checkpoint.open(folder);
        assertThatThrownBy(() -> checkpoint.tensor("model.norm.weight", Device.cpu(), DataType.FLOAT32, 4))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("'model.norm.weight'");
    }

    @Test
    void namesBothShapesWhereTheyDiffer() throws IOException {
        config();
        write("model.safetensors", "a", 1, 2, 3);

        var checkpoint = Checkpoint.open(folder);
        assertThatThrownBy(() -> checkpoint.tensor("a", Device.cpu(), DataType.FLOAT32, 3, 1))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("[3]")
                .hasMessageContaining("[3, 1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.safetensors", "/tmp/model.safetensors", "sub/model.safetensors", "..", ""})
    void refusesAnIndexThatLeadsOutOfTheFolder(String shard) throws IOException {
        config();
        index("{\"a\":\"%s\"}".formatted(shard));

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("plain file name");
    }

    @Test
    void refusesAnIndexWhoseShardLacksTheTensor() throws IOException {
        config();
        write("model-00001-of-00001.safetensors", "a", 1);
        index("{\"b\":\"model-00001-of-00001.safetensors\"}");

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("'b'");
    }

    @Test
    void refusesAFolderWithoutAModel() throws IOException {
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nowhere")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("config.json");
        config();
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.safetensors");
    }

    private void config() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":%s}".formatted(weightMap));
    }

    private void write(String file, String name, float... values) throws IOException {
        SafetensorsWriter.write(folder.resolve(file), Map.of(name, TensorData.f32(values, values.length)), Map.of());
    }
}
