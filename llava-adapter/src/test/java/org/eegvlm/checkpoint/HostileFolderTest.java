package org.eegvlm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.tensor.MalformedTensorException;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileFolderTest {

    @TempDir
    private Path home;

    private Path folder;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectories(home.resolve("model"));
        Files.writeString(folder.resolve("config.json"), "{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "pytorch_model.bin", "model.safetensors.index.json"})
    void refusesALinkOutOfTheFolder(String name) throws IOException {
        Files.writeString(home.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve(name), home.resolve("secret"));

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("outside the model folder");
    }

    @Test
    void refusesAShardThatIsALinkOutOfTheFolder() throws IOException {
        write(home.resolve("elsewhere.safetensors"));
        Files.createSymbolicLink(folder.resolve("a.safetensors"), home.resolve("elsewhere.safetensors"));
        index("model.safetensors.index.json", "a.safetensors");

        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("outside the model folder");
    }

    @Test
    void refusesAConfigThatIsALinkOutOfTheFolder() throws IOException {
        Files.move(folder.resolve("config.json"), home.resolve("config.json"));
        Files.createSymbolicLink(folder.resolve("config.json"), home.resolve("config.json"));

        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("outside the model folder");
    }

    @Test
    void followsLinksIntoTheBlobsOfTheSameRepository() throws IOException {
        var blobs = Files.createDirectories(home.resolve("models--a--b/blobs"));
        var snapshot = Files.createDirectories(home.resolve("models--a--b/snapshots/abc"));
        write(blobs.resolve("1.safetensors"));
        Files.writeString(blobs.resolve("2"), "{}");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/1.safetensors"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/2"));

        var checkpoint = Checkpoint.open(snapshot);
        assertThat(checkpoint.names()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.bin", "/etc/passwd", "sub/a.bin", "..", "", ".hidden", "a\\b.bin"})
    void refusesAShardOfTorchThatLeavesTheFolder(String shard) throws IOException {
        index("pytorch_model.bin.index.json", shard.replace("\\", "\\\\"));

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("plain file name");
    }

    @Test
    void refusesAConfigThatIsTooLarge() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"a\":\"" + "x".repeat(5 << 20) + "\"}");

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("config.json: has 5242888 bytes; no more than 4194304 are read");
    }

    @Test
    void refusesAnIndexThatIsTooLarge() throws IOException {
        index("model.safetensors.index.json", "x".repeat(17 << 20));

        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("no more than 16777216 are read");
    }

    @Test
    void saysWhatToDoWithTorchsOldFormat() throws IOException {
        Files.write(folder.resolve("pytorch_model.bin"), new byte[] {(byte) 0x80, 2, 'c'});

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedTensorException.class)
                .hasMessageContaining("old format")
                .hasMessageContaining("torch.save");
    }

    @Test
    void saysWhatToDoWithAPointerOfGitLfs() throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");

        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("git lfs pull");
    }

    @Test
    void refusesOneTensorUnderTwoNames() throws IOException {
        var one = TensorData.f32(new float[] {1}, 1);
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                Map.of("model.norm.weight", one, "language_model.model.norm.weight", one),
                Map.of());

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("one tensor under two names");
    }

    @Test
    void prefersSafetensors() throws IOException {
        write(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("pytorch_model.bin"), "never looked at");

        var checkpoint = Checkpoint.open(folder);
        assertThat(checkpoint.names()).containsExactly("a");
    }

    private void index(String name, String shard) throws IOException {
        Files.writeString(folder.resolve(name), "{\"weight_map\":{\"a\":\"%s\"}}".formatted(shard));
    }

    private static void write(Path file) throws IOException {
        SafetensorsWriter.write(file, Map.of("a", TensorData.f32(new float[] {1}, 1)), Map.of());
    }
}
