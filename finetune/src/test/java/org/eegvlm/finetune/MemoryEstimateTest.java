package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.PrecisionConfig;
import org.eegvlm.llava.ModelOutline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How near these figures come to what a run takes is measured by {@code benchmarks/finetune_memory.sh}. */
class MemoryEstimateTest {

    private static final MemoryEstimate.Batch BATCH = new MemoryEstimate.Batch(1000, 100, 0);

    @TempDir
    private Path folder;

    private FineTuneConfig config;
    private ModelOutline model;

    @BeforeEach
    void make() throws IOException {
        var tiny = new TinyRun(folder);
        tiny.writeBase(1);
        config = tiny.config("out");
        model = ModelOutline.read(tiny.base());
    }

    @Test
    void countsTheBaseInTheTypeInWhichItIsHeld() {
        var mapped = MemoryEstimate.of(config, model, BATCH);
        var converted = MemoryEstimate.of(config.withPrecision(precision(DataType.BFLOAT16, true)), model, BATCH);

        assertThat(mapped.base()).isEqualTo(4 * model.elements());
        assertThat(converted.base()).isEqualTo(2 * model.elements());
    }

    @Test
    void countsTheInsideOfOneLayerOrOfAll() {
        var again = MemoryEstimate.of(config, model, BATCH);
        var kept = MemoryEstimate.of(config.withPrecision(precision(DataType.FLOAT32, false)), model, BATCH);

        var lora = config.lora();
        long plain = 3 * 64 + 64 + 2 * 96; // queries, keys and values; the stream; both halves of the SwiGLU
        long wayBack = 4 * 64; // queries and keys rotated, the attention before and after it is joined
        long dropped = Math.round(8 * lora.dropout() * (6 * 64 + 96));
        assertThat(lora.targets()).hasSize(7);
        assertThat(kept.activations() - again.activations())
                .isEqualTo(1000 * (4 * (plain + wayBack + 7L * lora.rank()) + dropped));
    }

    @Test
    void countsEitherALayerOrTheHead() {
        var layer = MemoryEstimate.of(config, model, new MemoryEstimate.Batch(1000, 1, 0));
        var head = MemoryEstimate.of(config, model, new MemoryEstimate.Batch(1000, 2000, 0));
        var fuller = MemoryEstimate.of(config, model, new MemoryEstimate.Batch(1000, 3000, 0));

        assertThat(layer.activations()).isLessThan(head.activations());
        assertThat(fuller.activations() - head.activations())
                .isEqualTo(1000L * model.llama().vocabularySize() * 2 * 4);
    }

    @Test
    void countsPictures() {
        var without = MemoryEstimate.of(config, model, BATCH);
        var with = MemoryEstimate.of(config, model, new MemoryEstimate.Batch(1000, 100, 3));

        long patches = 3L * model.patches() * TinyRun.WIDTH;
        assertThat(with.activations() - without.activations()).isEqualTo(patches * (4 + 2 * 4));
    }

    @Test
    void countsGradientsOnceHoweverManyBatchesTheyAreOf() {
        var one = MemoryEstimate.of(config.withBatch(BatchConfig.ofPasses(8, 1, 1)), model, BATCH);
        var two = MemoryEstimate.of(config.withBatch(BatchConfig.ofPasses(8, 2, 1)), model, BATCH);

        assertThat(two.trained()).isEqualTo(one.trained());
    }

    @Test
    void countsTheHeapsGapsOnAProcessor() {
        var again = MemoryEstimate.of(config, model, BATCH);
        var kept = MemoryEstimate.of(config.withPrecision(precision(DataType.FLOAT32, false)), model, BATCH);

        assertThat(again.heap()).isEqualTo(again.activations());
        assertThat(kept.heap()).isEqualTo(kept.activations() / 2);
    }

    private static PrecisionConfig precision(DataType type, boolean checkpointing) {
        return new PrecisionConfig(type, false, checkpointing);
    }
}
