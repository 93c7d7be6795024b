package org.eegvlm.llava;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TorchZip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SplicerTest {

    private static final int WIDTH = 32;
    private static final int HIDDEN = 24;
    private static final int PATCHES = 9;
    private static final int IMAGE = TokenizedSample.IMAGE;

    /** Float32 sums of a few dozen terms, added in another order. */
    private static final Offset<Float> ROUNDING = Offset.offset(2e-5f);

    private static final List<String> NAMES = List.of("0.weight", "0.bias", "2.weight", "2.bias");

    @TempDir
    Path folder;

    private SafetensorsFile golden;
    private Kernels kernels;
    private Projector projector;
    private NDScope scope;

    @BeforeEach
    void open() throws IOException {
        golden = SafetensorsFile.open(Golden.TINY_CLIP.resolve("golden.safetensors"));
        kernels = Vision.kernels(Device.cpu());
        writeProjector("base_model.model.model.mm_projector.");
        projector = Projector.load(kernels, folder, WIDTH, HIDDEN);
        scope = new NDScope();
        scope.suppressNotUsedWarning();
    }

    @AfterEach
    void close() {
        scope.close();
        projector.close();
        kernels.close();
    }

    @Test
    void projectsAsTorchDoes() throws IOException {
        var projected = projector.project(pictures(2));

        assertThat(projected.toFloatArray()).containsExactly(golden.floats("projected"), ROUNDING);
    }

    @ParameterizedTest
    @EnumSource(
            value = FeatureMode.class,
            names = {"FUSE", "TOKEN", "OFF"})
    void interleavesAsLlavaDoes(FeatureMode mode) throws IOException {
        var layout = SpliceLayout.of(List.of(sample()), mode, PATCHES, 100);

        var spliced = new Splicer(kernels, projector).splice(layout, text(layout), pictures(mode), rows(mode));

        assertThat(spliced.toFloatArray()).containsExactly(golden.floats(mode.label() + ".spliced"), ROUNDING);
    }

    @ParameterizedTest
    @EnumSource(
            value = FeatureMode.class,
            names = {"FUSE", "TOKEN", "OFF"})
    void givesTheProjectorAutogradsGradients(FeatureMode mode) throws IOException {
        var layout = SpliceLayout.of(List.of(sample()), mode, PATCHES, 100);
        var gradient = tensor(mode.label() + ".gradient", 1, layout.length(), HIDDEN);

        var gradients = new Splicer(kernels, projector).gradients(layout, gradient, pictures(mode), rows(mode));

        for (int i = 0; i < NAMES.size(); i++) {
            assertThat(gradients.get(i).toFloatArray())
                    .containsExactly(golden.floats(mode.label() + "." + NAMES.get(i)), Offset.offset(2e-4f));
        }
    }

    @Test
    void leavesTextAloneAsItIs() throws IOException {
        var sample = new TokenizedSample("text", new int[] {1, 2, 3, 4, 5}, new int[5]);
        var layout = SpliceLayout.of(List.of(sample), FeatureMode.FUSE, PATCHES, 100);
        var text = tensor("text", 1, 5, HIDDEN);
        var splicer = new Splicer(kernels, projector);
        var none = kernels.tensor("empty", new long[] {0, PATCHES, WIDTH}, text);
        var noRows = kernels.tensor("empty", new long[] {0, WIDTH}, text);

        assertThat(splicer.splice(layout, text, none, noRows).toFloatArray()).isEqualTo(golden.floats("text"));
        assertThat(splicer.gradients(layout, text, none, noRows).get(0).toFloatArray())
                .containsOnly(0);
    }

    @Test
    void takesProjectorsThatWereSavedWithFewerPrefixes() throws IOException {
        writeProjector("model.mm_projector.");

        try (var same = Projector.load(kernels, folder, WIDTH, HIDDEN)) {
            assertThat(same.parameters().get(0).toFloatArray()).isEqualTo(golden.floats("projector.0.weight"));
        }
    }

    @Test
    void restoresWhatWasSaved(@TempDir Path other) throws IOException {
        projector.save(other);
        var weight = projector.parameters().get(0);
        weight.muli(2);

        projector.restore(other);

        assertThat(weight.toFloatArray()).isEqualTo(golden.floats("projector.0.weight"));
    }

    private TokenizedSample sample() {
        return new TokenizedSample("two", new int[] {1, 2, IMAGE, 3, IMAGE, 4, 5}, new int[7]);
    }

    /** The golden text, stretched to where it stands among pictures. */
    private NDArray text(SpliceLayout layout) throws IOException {
        var text = golden.floats("text");
        var stretched = new float[layout.length() * HIDDEN];
        for (int t = 0; t < layout.length(); t++) {
            int word = layout.ids()[0][t] - 1;
            if (word >= 0) {
                System.arraycopy(text, word * HIDDEN, stretched, t * HIDDEN, HIDDEN);
            }
        }
        return kernels.manager().create(stretched, new Shape(1, layout.length(), HIDDEN));
    }

    private NDArray pictures(FeatureMode mode) {
        return pictures(mode == FeatureMode.OFF ? 2 : 1);
    }

    private NDArray pictures(int count) {
        return tensor("hidden.2", 2, PATCHES, WIDTH).get("0:" + count);
    }

    private NDArray rows(FeatureMode mode) {
        var rows = tensor("rows", 1, WIDTH);
        return mode == FeatureMode.OFF ? kernels.tensor("empty", new long[] {0, WIDTH}, rows) : rows;
    }

    private NDArray tensor(String name, long... shape) {
        try {
            return kernels.manager().create(golden.floats(name), new Shape(shape));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeProjector(String prefix) throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (var name : NAMES) {
            var key = "projector." + name;
            tensors.put(
                    prefix + name,
                    TensorData.f32(golden.floats(key), golden.tensor(key).shape()));
        }
        TorchZip.write(folder.resolve(Projector.FILE), tensors);
    }
}
