package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.eegvlm.checkpoint.KeyLayout;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.SafetensorsFile;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.tensor.TensorData;
import org.eegvlm.tensor.TorchZip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The adapter of tiny-llama, which PEFT wrote, as other versions and other models have it. */
class PeftFolderTest {

    private static final Path PEFT = TinyLlama.folder().resolve("adapter");

    /** Half of the last of bfloat16's eight bits. */
    private static final Offset<Float> BFLOAT16 = Offset.offset(2e-3f);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "base_model.model.model.layers., .weight",
        "base_model.model.model.layers., .default.weight",
        "base_model.model.language_model.model.layers., .weight",
        "base_model.model.model.language_model.layers., .default.weight"
    })
    void readsTheNamesOfEveryModelThatIsAdapted(String layers, String end) throws IOException {
        settings("target_modules", "all-linear");
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"),
                tensors(
                        "F32",
                        name -> name.replace("base_model.model.model.layers.", layers)
                                .replace(".weight", end)),
                Map.of());

        assertSameAs(0f);
    }

    @Test
    void readsAnAdapterThatTorchSaved() throws IOException {
        settings("target_modules", "all-linear");
        TorchZip.write(folder.resolve("adapter_model.bin"), tensors("BF16", name -> name));

        assertSameAs(BFLOAT16.value);
        assertThat(LoraAdapter.keyLayout(folder)).isSameAs(KeyLayout.ORIGINAL);
    }

    @Test
    void takesTheTargetsOfAPatternFromTheKeys() throws IOException {
        settings("target_modules", ".*\\.layers\\.\\d+\\.(self_attn|mlp)\\.\\w+");
        TorchZip.write(folder.resolve("adapter_model.bin"), tensors("F32", name -> name));

        assertSameAs(0f);
    }

    @Test
    void readsOneTargetByItsName() throws IOException {
        settings("target_modules", "q_proj");

        assertThat(PeftFolder.readConfig(folder).targets()).containsExactly(Projection.Q);
    }

    @Test
    void dividesByTheRootOfAStabilisedRank() throws IOException {
        settings("use_rslora", true);

        assertThat(PeftFolder.readConfig(folder).scaling()).isEqualTo(8 / Math.sqrt(4));
    }

    @Test
    void refusesAnAdapterOfTheVisionTower() throws IOException {
        settings("target_modules", "all-linear");
        var tensors = tensors("F32", name -> name.replace("model.model.layers.", "model.language_model.model.layers."));
        var tower = "base_model.model.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.lora_A.weight";
        tensors.put(tower, TensorData.f32(new float[] {1}, 1));
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), tensors, Map.of());

        assertThatThrownBy(() -> load().close())
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(tower)
                .hasMessageContaining("vision tower");
    }

    @Test
    void refusesModulesThatWereTrainedWhole() throws IOException {
        settings("modules_to_save", "lm_head");

        assertThatThrownBy(() -> PeftFolder.readConfig(folder)).hasMessageContaining("modules_to_save");
    }

    private LoraAdapter load() throws IOException {
        return LoraAdapter.load(folder, model(), Device.cpu());
    }

    private static LlamaConfig model() throws IOException {
        var file = TinyLlama.folder().resolve("config.json");
        return LlamaConfig.read(Json.readTree(file), file);
    }

    private void assertSameAs(float tolerance) throws IOException {
        try (var expected = LoraAdapter.load(PEFT, model(), Device.cpu());
                var adapter = load()) {
            assertThat(adapter.parameters()).hasSameSizeAs(expected.parameters());
            for (int i = 0; i < adapter.parameters().size(); i++) {
                assertThat(adapter.parameters().get(i).toFloatArray())
                        .containsExactly(expected.parameters().get(i).toFloatArray(), Offset.offset(tolerance));
            }
        }
    }

    private void settings(String key, Object value) throws IOException {
        var json = (ObjectNode) Json.readTree(PEFT.resolve("adapter_config.json"));
        Json.write(folder.resolve("adapter_config.json"), json.putPOJO(key, value));
    }

    private static Map<String, TensorData> tensors(String dtype, UnaryOperator<String> rename) throws IOException {
        var file = SafetensorsFile.open(PEFT.resolve("adapter_model.safetensors"));
        var tensors = new TreeMap<String, TensorData>();
        for (var entry : file.tensors().entrySet()) {
            tensors.put(
                    rename.apply(entry.getKey()),
                    TensorData.of(
                            dtype, file.floats(entry.getKey()), entry.getValue().shape()));
        }
        return tensors;
    }
}
