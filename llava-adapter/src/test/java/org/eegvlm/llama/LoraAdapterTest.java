package org.eegvlm.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraAdapterTest {

    private static final Path PEFT = TinyLlama.folder().resolve("adapter");
    private static final LlamaConfig TINY = config(64, 32, 48, 3, new AttentionShape(4, 2, 8));

    @TempDir
    private Path folder;

    @Test
    void startsWithTheSameBitsForTheSameSeed() {
        try (var one = LoraAdapter.fresh(LoraConfig.DEFAULT, TINY, Device.cpu(), 7);
                var same = LoraAdapter.fresh(LoraConfig.DEFAULT, TINY, Device.cpu(), 7);
                var other = LoraAdapter.fresh(LoraConfig.DEFAULT, TINY, Device.cpu(), 8)) {
            var a = one.parameters().get(0).toFloatArray();

            assertThat(same.parameters().get(0).toFloatArray()).isEqualTo(a);
            assertThat(other.parameters().get(0).toFloatArray()).isNotEqualTo(a);
        }
    }

    @Test
    void startsUniformInAAndZeroInB() {
        try (var adapter = LoraAdapter.fresh(LoraConfig.DEFAULT, TINY, Device.cpu(), 7)) {
            var a = adapter.layer(0).get(0).toFloatArray();
            var b = adapter.layer(0).get(1).toFloatArray();

            float bound = (float) (1 / Math.sqrt(32));
            assertThat(max(a)).isBetween(0.99f * bound, bound);
            assertThat(b).containsOnly(0);
        }
    }

    @Test
    void keepsItsFirstBitsForever() {
        var first = LoraLayout.of(LoraConfig.DEFAULT, TINY).get(0).initial(new SplittableRandom(42));

        assertThat(Arrays.copyOf(first, 3)).containsExactly(0.08540608f, -0.12023983f, -0.07827632f);
    }

    @Test
    void countsTheParametersOfTheAdapterOfLlava13b() {
        var llava13b = config(32000, 5120, 13824, 40, new AttentionShape(40, 40, 128));

        long count = LoraLayout.of(LoraConfig.DEFAULT, llava13b).stream()
                .mapToLong(tensor -> tensor.rows() * tensor.columns())
                .sum();

        assertThat(count).isEqualTo(500_695_040);
    }

    @Test
    void countsItsOwnParameters() throws IOException {
        try (var adapter = LoraAdapter.load(PEFT, TINY, Device.cpu())) {
            assertThat(adapter.parameterCount()).isEqualTo(3 * 4 * (2 * 64 + 2 * 48 + 3 * 80));
        }
    }

    @Test
    void readsTheSettingsThatPeftWrites() throws IOException {
        try (var adapter = LoraAdapter.load(PEFT, TINY, Device.cpu())) {
            assertThat(adapter.config().rank()).isEqualTo(4);
            assertThat(adapter.config().scaling()).isEqualTo(2);
            assertThat(adapter.config().targets()).containsExactlyInAnyOrder(Projection.values());
        }
    }

    @Test
    void savesWhatItLoadedFromPeft() throws IOException {
        try (var adapter = LoraAdapter.load(PEFT, TINY, Device.cpu())) {
            adapter.save(folder, "tiny-llama");
        }

        var original = SafetensorsFile.open(PEFT.resolve("adapter_model.safetensors"));
        var saved = SafetensorsFile.open(folder.resolve("adapter_model.safetensors"));
        assertThat(saved.tensors().keySet()).isEqualTo(original.tensors().keySet());
        for (var name : original.tensors().keySet()) {
            assertThat(saved.map(name)).as(name).isEqualTo(original.map(name));
        }
        assertThat(PeftFolder.readConfig(folder)).isEqualTo(PeftFolder.readConfig(PEFT));
    }

    @Test
    void refusesAnAdapterForAnotherModel() {
        var deeper = config(64, 32, 48, 4, new AttentionShape(4, 2, 8));
        var wider = config(64, 40, 48, 3, new AttentionShape(4, 2, 10));
        var shallower = config(64, 32, 48, 2, new AttentionShape(4, 2, 8));

        assertThatThrownBy(() -> LoraAdapter.load(PEFT, deeper, Device.cpu()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("layers.3.self_attn.q_proj.lora_A");
        assertThatThrownBy(() -> LoraAdapter.load(PEFT, wider, Device.cpu()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("[4, 32]")
                .hasMessageContaining("[4, 40]");
        assertThatThrownBy(() -> LoraAdapter.load(PEFT, shallower, Device.cpu()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("is no part of the adapter");
    }

    @Test
    void refusesWhatItDoesNotCompute() throws IOException {
        var json = Json.readTree(PEFT.resolve("adapter_config.json")).toString();
        Files.writeString(
                folder.resolve("adapter_config.json"), json.replace("\"use_dora\":false", "\"use_dora\":true"));

        assertThatThrownBy(() -> LoraAdapter.load(folder, TINY, Device.cpu()))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("use_dora");
    }

    @Test
    void refusesAFolderWithoutAnAdapter() {
        assertThatThrownBy(() -> LoraAdapter.load(folder, TINY, Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no adapter folder");
    }

    private static float max(float[] values) {
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static LlamaConfig config(int vocabulary, int hidden, int intermediate, int layers, AttentionShape heads) {
        return new LlamaConfig(
                vocabulary,
                hidden,
                intermediate,
                layers,
                heads,
                1e-5,
                new Rope(10_000, new Rope.Scaling.None()),
                4096,
                false,
                new SpecialTokens(1, List.of(2), 0));
    }
}
