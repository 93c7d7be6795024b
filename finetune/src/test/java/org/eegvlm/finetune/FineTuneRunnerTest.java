package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FineTuneRunnerTest extends OnTinyRun {

    @Test
    void learnsTheStageFromTheFeatureAndLeavesTheBaseAlone() throws IOException {
        var base = TinyRun.hashes(tiny.base());

        var report = tiny.run(tiny.config("out").withBatch(BatchConfig.ofSteps(8, 120)));

        assertThat(report.firstLoss()).isGreaterThan(3);
        assertThat(report.lastLoss()).isLessThan(0.8);
        assertThat(tiny.answers("out")).allMatch(answer -> answer.startsWith("The stage is "));
        assertThat(tiny.answers("out").get(0)).startsWith("The stage is Wake.");
        assertThat(tiny.answers("out").get(1)).startsWith("The stage is N2.");
        assertThat(TinyRun.hashes(tiny.base())).isEqualTo(base);
    }

    @Test
    void writesWhatPeftAndLlavaWrite() throws IOException {
        tiny.run(tiny.config("out", FeatureMode.FUSE, 4));

        var out = folder.resolve("out");
        assertThat(TinyRun.hashes(out.resolve("checkpoint-4")))
                .containsOnlyKeys(
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "config.json",
                        "eegvlm.json",
                        "finetune.json",
                        "loss.jsonl",
                        "non_lora_trainables.bin",
                        "optimizer_lora.safetensors",
                        "optimizer_projector_biases.safetensors",
                        "optimizer_projector_weights.safetensors",
                        "trainer_state.json");
        Output.deleteTree(out.resolve("checkpoint-4"));
        assertThat(TinyRun.hashes(out))
                .containsOnlyKeys(
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "config.json",
                        "eegvlm.json",
                        "finetune.json",
                        "loss.jsonl",
                        "loss.svg",
                        "non_lora_trainables.bin",
                        "trainer_state.json");
        assertThat(out.resolve("runs")).isNotEmptyDirectory();
        assertThat(Json.readTree(out.resolve("adapter_config.json"))
                        .path("base_model_name_or_path")
                        .asText())
                .isEqualTo("../base");
        var state = Json.readTree(out.resolve("trainer_state.json"));
        assertThat(state.path("global_step").asInt()).isEqualTo(4);
        assertThat(state.path("epoch").asDouble()).isEqualTo(2);
        assertThat(state.path("log_history").get(3).path("step").asInt()).isEqualTo(4);
        var card = ModelCard.in(out).orElseThrow();
        assertThat(card.question()).isEqualTo(TinyRun.QUESTION);
        assertThat(card.featureMode()).isEqualTo("fuse");
        assertThat(card.encoder()).contains("an-encoder");
        assertThat(card.encoderSubjects()).containsExactly("SIM402");
        assertThat(card.subjects()).containsExactly("SIM401");
        assertThat(card.simulated()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FeatureMode.class,
            names = {"TOKEN", "OFF", "ZERO", "SHUFFLE"})
    void trainsInEveryMode(FeatureMode mode) throws IOException {
        var report = tiny.run(tiny.config("out", mode, 12));

        assertThat(report.lastLoss()).isLessThan(report.firstLoss());
        assertThat(ModelCard.in(folder.resolve("out")).orElseThrow().featureMode())
                .isEqualTo(mode.label());
    }

    @Test
    void keepsAsManyCheckpointsAsItIsTold() throws IOException {
        var saving = new SavingConfig(Interval.ofSteps(2), Optional.of(2), false);

        tiny.run(tiny.config("out", FeatureMode.FUSE, 7).withSaving(saving));

        assertThat(folder.resolve("out/checkpoint-4")).doesNotExist();
        assertThat(folder.resolve("out/checkpoint-6")).isDirectory();
        assertThat(folder.resolve("out/checkpoint-7")).isDirectory();
    }

    /** As in LLaVA, where a group with the rate 0 still has gradients, and all gradients are clipped together. */
    @Test
    void countsTheGradientsOfAProjectorThatStays() throws IOException {
        var optimizer = tiny.config("moves").optimizer();
        tiny.run(tiny.config("moves", FeatureMode.FUSE, 2));
        tiny.run(tiny.config("stays", FeatureMode.FUSE, 2).withOptimizer(optimizer.withRates(4e-3, 0)));

        assertThat(TrainingLog.in(folder.resolve("stays")).steps().get(0).gradNorm())
                .isEqualTo(
                        TrainingLog.in(folder.resolve("moves")).steps().get(0).gradNorm());
        try (var base = LlavaModel.open(tiny.base(), Optional.empty(), LoadOptions.on("cpu"));
                var tuned = LlavaModel.open(folder.resolve("stays"), Optional.empty(), LoadOptions.on("cpu"))) {
            assertThat(tuned.projector().parameters().get(0).toFloatArray())
                    .isEqualTo(base.projector().parameters().get(0).toFloatArray());
        }
    }

    @Test
    void accumulatesBatchesIntoAStep() throws IOException {
        // Without dropout, two batches of 8 and one of 16 differ by rounding and by how long their answers are.
        var lora = tiny.config("out").lora().withDropout(0);
        var oneOf16 = tiny.run(tiny.config("a").withLora(lora).withBatch(BatchConfig.ofPasses(16, 1, 2)));
        var twoOf8 = tiny.run(tiny.config("b").withLora(lora).withBatch(BatchConfig.ofPasses(8, 2, 2)));

        assertThat(twoOf8.steps()).isEqualTo(oneOf16.steps()).isEqualTo(2);
        assertThat(Math.abs(twoOf8.firstLoss() - oneOf16.firstLoss())).isLessThan(0.02);
    }

    @Test
    void teachesAPlainLlamaTextAlone() throws IOException {
        tiny.blind();
        tiny.writeText();

        var report = tiny.run(tiny.config("out", FeatureMode.OFF, 12));

        assertThat(report.lastLoss()).isLessThan(report.firstLoss());
        assertThat(folder.resolve("out/adapter_model.safetensors")).exists();
        assertThat(folder.resolve("out/non_lora_trainables.bin")).doesNotExist();
        try (var model = LlavaModel.open(folder.resolve("out"), Optional.empty(), LoadOptions.on("cpu"))) {
            assertThat(model.takesPictures()).isFalse();
        }
    }

    @Test
    void stopsWhereTheLossIsNoNumber() throws IOException {
        var config = tiny.config("out");
        var wild = config.withOptimizer(OptimizerConfig.DEFAULT
                .withRates(1e30, 1e30)
                .withMaxGradNorm(0)
                .withSchedule(new ScheduleConfig(Decay.CONSTANT, 0, 0)));

        assertThatThrownBy(() -> tiny.run(wild))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("step 2")
                .hasMessageContaining("SIM4011-");
        assertThat(ModelFolder.isAdapter(folder.resolve("out"))).isFalse();
    }
}
