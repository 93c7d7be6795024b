package org.eegvlm.llava.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.eegvlm.checkpoint.CheckpointWriter;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.checkpoint.StoredType;
import org.eegvlm.core.Progress;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.LogitsOf;
import org.eegvlm.llava.TinyLlava;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelMergeTest {

    private static final String ADAPTED = "model.layers.1.mlp.down_proj.weight";
    private static final String NOT_ADAPTED = "model.layers.1.mlp.up_proj.weight";
    private static final Offset<Float> CLOSE = Offset.offset(1e-5f);

    @TempDir
    private static Path shared;

    private static Path base;
    private static Path lora;

    @TempDir
    private Path folder;

    @BeforeAll
    static void tune() throws IOException {
        lora = Files.createDirectories(shared.resolve("lora"));
        base = TinyLlava.in(shared.resolve("base"));
        var config = new LoraConfig(4, 6, 0.05, Set.of(Projection.Q, Projection.V, Projection.DOWN));
        try (var model = LlavaModel.open(base, Optional.empty(), LoadOptions.on("cpu"));
                var adapter = LoraAdapter.fresh(config, model.decoder(), 1)) {
            adapter.parameters().forEach(ModelMergeTest::disturb);
            model.projector().parameters().forEach(ModelMergeTest::disturb);
            adapter.save(lora, "../base");
            model.projector().save(lora);
        }
        Files.copy(base.resolve("config.json"), lora.resolve("config.json"));
        WrittenModel.card().write(lora);
    }

    @Test
    void computesWhatBaseAndAdapterCompute() throws IOException {
        merge("merged", "keep");

        var together = LogitsOf.model(folder.resolve("merged"), Optional.empty());
        assertThat(together).containsExactly(LogitsOf.model(lora, Optional.of(base)), CLOSE);
        assertThat(Math.abs(together[5] - LogitsOf.model(base, Optional.empty())[5]))
                .isGreaterThan(1e-3f);
    }

    @Test
    void needsNoAdapterAnyMore() throws IOException {
        merge("merged", "keep");

        try (var model = LlavaModel.open(folder.resolve("merged"), Optional.empty(), LoadOptions.on("cpu"))) {
            assertThat(model.adapter()).isEmpty();
            assertThat(model.card()).contains(WrittenModel.card());
        }
    }

    @Test
    void changesAdaptedWeightsAlone() throws IOException {
        merge("merged", "keep");

        assertThat(WrittenModel.floats(folder.resolve("merged"), NOT_ADAPTED))
                .isEqualTo(WrittenModel.floats(base, NOT_ADAPTED));
        assertThat(WrittenModel.floats(folder.resolve("merged"), ADAPTED))
                .isNotEqualTo(WrittenModel.floats(base, ADAPTED));
    }

    @Test
    void roundsOnceToTheTypeThatIsAsked() throws IOException {
        merge("exact", "keep");
        merge("half", "bf16");

        var exact = WrittenModel.floats(folder.resolve("exact"), ADAPTED);
        var half = WrittenModel.floats(folder.resolve("half"), ADAPTED);
        for (int i = 0; i < exact.length; i++) {
            assertThat(half[i]).isCloseTo(exact[i], Offset.offset(Math.abs(exact[i]) / 256));
        }
    }

    @Test
    void mergesIntoABaseInTheLayoutOfTransformers() throws IOException {
        var config = new ConversionConfig(
                base, folder.resolve("hf"), ModelLayout.HF, Optional.empty(), CheckpointWriter.SHARD_SIZE, false);
        new ModelConversion(config, Progress.SILENT).run();
        merge("merged", "keep");

        merge(lora, Optional.of(folder.resolve("hf")), "from-hf", "keep");

        assertThat(WrittenModel.tensors(folder.resolve("from-hf")))
                .isEqualTo(WrittenModel.tensors(folder.resolve("merged")));
    }

    @Test
    void refusesAModelWithoutAnAdapter() {
        assertThatThrownBy(() -> merge(base, Optional.empty(), "out", "keep"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no adapter_config.json: there is nothing to merge");
    }

    @Test
    void refusesToReplaceTheBase() {
        var config = new MergeConfig(lora, Optional.empty(), base, Optional.empty(), CheckpointWriter.SHARD_SIZE, true);

        assertThatThrownBy(() -> new ModelMerge(config, Progress.SILENT).run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would replace");
    }

    private void merge(String name, String dtype) throws IOException {
        merge(lora, Optional.empty(), name, dtype);
    }

    private void merge(Path model, Optional<Path> modelBase, String name, String dtype) throws IOException {
        var config = new MergeConfig(
                model, modelBase, folder.resolve(name), StoredType.asked(dtype), CheckpointWriter.SHARD_SIZE, false);
        new ModelMerge(config, Progress.SILENT).run();
    }

    /** Adds noise in place. */
    private static void disturb(NDArray tensor) {
        var random = new SplittableRandom(tensor.size());
        var values = tensor.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.05 * random.nextGaussian());
        }
        try (var noisy =
                tensor.getManager().create(values, new Shape(tensor.getShape().getShape()))) {
            noisy.copyTo(tensor);
        }
    }
}
