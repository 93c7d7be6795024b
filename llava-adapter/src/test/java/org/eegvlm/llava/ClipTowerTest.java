package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipTowerTest {

    /** Sums of a few dozen float32 products of order 1, in another order than PyTorch's Python side. */
    private static final Offset<Float> ROUNDING = Offset.offset(2e-5f);

    private Kernels kernels;
    private SafetensorsFile golden;
    private Checkpoint checkpoint;

    @BeforeEach
    void open() throws IOException {
        kernels = Vision.kernels(Device.cpu());
        golden = SafetensorsFile.open(Golden.TINY_CLIP.resolve("golden.safetensors"));
        checkpoint = Checkpoint.open(Golden.TINY_CLIP);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    @ParameterizedTest
    @CsvSource({"-2, hidden.2", "-1, hidden.3", "1, hidden.1", "0, hidden.0"})
    void givesTheHiddenStatesOfTransformers(int selectLayer, String expected) throws IOException {
        try (var tower = ClipTower.load(kernels, source(), selectLayer, DataType.FLOAT32);
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var pixels = kernels.manager().create(golden.floats("pixels"), new Shape(2, 3, 12, 12));

            var features = tower.features(pixels);

            assertThat(features.getShape()).isEqualTo(new Shape(2, 9, 32));
            assertThat(features.toFloatArray()).containsExactly(golden.floats(expected), ROUNDING);
        }
    }

    @Test
    void namesATensorThatIsMissing() throws IOException {
        var deeper = new ClipConfig(32, 40, 5, 4, 12, 4, 1e-5, true);
        var source = new VisionSource(checkpoint, deeper);

        assertThatThrownBy(() -> ClipTower.load(kernels, source, -2, DataType.FLOAT32))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("vision_model.encoder.layers.3.layer_norm1.weight");
    }

    @Test
    void refusesALayerThatIsNotThere() throws IOException {
        var source = source();

        assertThatThrownBy(() -> ClipTower.load(kernels, source, -5, DataType.FLOAT32))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("asks for hidden state -5");
    }

    private VisionSource source() throws IOException {
        return new VisionSource(checkpoint, ClipConfig.read(checkpoint.config(), Path.of("config.json")));
    }
}
