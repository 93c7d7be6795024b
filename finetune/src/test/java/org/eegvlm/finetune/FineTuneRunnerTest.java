package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.ExecutionConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.TowerCache;
import org.eegvlm.llava.VqaRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FineTuneRunnerTest {

    @TempDir
    Path folder;

    private TinyRun tiny;

    @BeforeEach
    void make() throws IOException {
        tiny = TinyRun.in(folder);
    }

    @Test
    void learnsTheStageFromTheFeatureAndLeavesTheBaseAlone() throws IOException {
        var base = TinyRun.hashes(tiny.base());

        var report = run(tiny.config("out").withBatch(BatchConfig.ofSteps(8, 120)));

        assertThat(report.firstLoss()).isGreaterThan(3);
        assertThat(report.lastLoss()).isLessThan(0.8);
        assertThat(answers("out")).allMatch(answer -> answer.startsWith("The stage is "));
        assertThat(answers("out").get(0)).startsWith("The stage is Wake.");
        assertThat(answers("out").get(1)).startsWith("The stage is N2.");
        assertThat(TinyRun.hashes(tiny.base())).isEqualTo(base);
    }

    @Test
    void writesWhatPeftAndLlavaWrite() throws IOException {
        run(tiny.config("out", FeatureMode.FUSE, 4));

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
        var report = run(tiny.config("out", mode, 12));

        assertThat(report.lastLoss()).isLessThan(report.firstLoss());
        assertThat(ModelCard.in(folder.resolve("out")).orElseThrow().featureMode())
                .isEqualTo(mode.label());
    }

    @Test
    void endsInTheSameBytesAfterAnInterruption() throws IOException {
        var config = tiny.config("out", FeatureMode.FUSE, 7);
        run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        var again = config.withExecution(ExecutionConfig.DEFAULT.withSeed(5).withOverwrite(true));

        assertThatThrownBy(() -> new FineTuneRunner(again, interruptedAfter(5)).run())
                .hasMessageContaining("interrupted");
        assertThat(ModelFolder.isAdapter(folder.resolve("out"))).isFalse();
        var report = run(again);

        assertThat(report.steps()).isEqualTo(7);
        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    @Test
    void answersFromACheckpointOfAnUnfinishedRun() throws IOException {
        var config = tiny.config("out").withSaving(SavingConfig.DEFAULT.withInterval(Interval.ofSteps(2)));
        assertThatThrownBy(() -> new FineTuneRunner(config, interruptedAfter(2)).run())
                .hasMessageContaining("interrupted");

        assertThat(answers("out/checkpoint-2")).hasSize(TinyRun.SAMPLES);
        assertThatThrownBy(() -> answers("out")).hasMessageContaining("checkpoint-2");
    }

    @Test
    void savesAndStopsWhenAskedTo() throws IOException {
        var config = tiny.config("out", FeatureMode.FUSE, 7);
        run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        Output.deleteTree(folder.resolve("out"));
        var calls = new AtomicInteger();

        var stopped = new FineTuneRunner(config, surroundings().withStop(() -> calls.getAndIncrement() == 3)).run();

        assertThat(stopped.finished()).isFalse();
        assertThat(stopped.steps()).isEqualTo(3);
        assertThat(folder.resolve("out/checkpoint-3")).isDirectory();
        var resumed = config.withExecution(config.execution().withStart(StartConfig.resumed()));
        assertThat(run(resumed).finished()).isTrue();
        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    @Test
    void keepsAsManyCheckpointsAsItIsTold() throws IOException {
        var saving = new SavingConfig(Interval.ofSteps(2), Optional.of(2), false);

        run(tiny.config("out", FeatureMode.FUSE, 7).withSaving(saving));

        assertThat(folder.resolve("out/checkpoint-4")).doesNotExist();
        assertThat(folder.resolve("out/checkpoint-6")).isDirectory();
        assertThat(folder.resolve("out/checkpoint-7")).isDirectory();
    }

    @Test
    void goesBackToAnEarlierCheckpointOfItsOwn() throws IOException {
        var saving = new SavingConfig(Interval.ofSteps(3), Optional.empty(), false);
        var config = tiny.config("out", FeatureMode.FUSE, 7).withSaving(saving);
        run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        var start = StartConfig.from(folder.resolve("out/checkpoint-3"));

        assertThatThrownBy(() -> run(config.withExecution(config.execution().withStart(start))))
                .isInstanceOf(OutputExistsException.class);
        run(config.withExecution(config.execution().withStart(start).withOverwrite(true)));

        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    @Test
    void goesOnFromTheCheckpointOfAnotherRun() throws IOException {
        run(tiny.config("first", FeatureMode.FUSE, 4));
        var start = StartConfig.from(folder.resolve("first/checkpoint-4"));
        var second = tiny.config("second", FeatureMode.FUSE, 6);

        var report = run(second.withExecution(second.execution().withStart(start)));

        assertThat(report.steps()).isEqualTo(6);
        assertThat(TrainingLog.in(folder.resolve("second")).steps().subList(0, 4))
                .isEqualTo(TrainingLog.in(folder.resolve("first")).steps());
    }

    @Test
    void refusesToResumeWhereNothingIs() {
        var config = tiny.config("out", FeatureMode.FUSE, 4);

        assertThatThrownBy(() -> run(config.withExecution(config.execution().withStart(StartConfig.resumed()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no checkpoint to go on from");
    }

    @Test
    void beginsWithTheAdapterOfAnotherRun() throws IOException {
        run(tiny.config("first", FeatureMode.FUSE, 30));
        var start = StartConfig.withAdapter(folder.resolve("first"));
        var second = tiny.config("second", FeatureMode.FUSE, 2);

        var report = run(second.withExecution(second.execution().withStart(start)));

        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.firstLoss())
                .isLessThan(
                        TrainingLog.in(folder.resolve("first")).steps().get(0).loss() / 2);
    }

    @Test
    void tellsTheLoraOfTheAdapterItBeginsWith() throws IOException {
        run(tiny.config("first", FeatureMode.FUSE, 1));
        var second = tiny.config("second", FeatureMode.FUSE, 1)
                .withLora(LoraConfig.DEFAULT)
                .withExecution(ExecutionConfig.DEFAULT.withStart(StartConfig.withAdapter(folder.resolve("first"))));

        run(second);

        var record = Json.readTree(folder.resolve("second/finetune.json"));
        assertThat(record.path("lora_r").asInt()).isEqualTo(8);
        assertThat(record.path("lora_alpha").asDouble()).isEqualTo(16);
        assertThat(String.join(
                        "\n", new DryRun(second.withExecution(second.execution().withOverwrite(true))).lines()))
                .contains("of LoRA r8");
    }

    /** As in LLaVA, where a group with the rate 0 still has gradients, and all gradients are clipped together. */
    @Test
    void countsTheGradientsOfAProjectorThatStays() throws IOException {
        var optimizer = tiny.config("moves").optimizer();
        run(tiny.config("moves", FeatureMode.FUSE, 2));
        run(tiny.config("stays", FeatureMode.FUSE, 2).withOptimizer(optimizer.withRates(4e-3, 0)));

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
    void refusesACheckpointThatHasAllStepsAlready() throws IOException {
        run(tiny.config("first", FeatureMode.FUSE, 2));
        var start = StartConfig.from(folder.resolve("first/checkpoint-2"));
        var second = tiny.config("out", FeatureMode.FUSE, 2).withExecution(ExecutionConfig.DEFAULT.withStart(start));

        assertThatThrownBy(() -> run(second))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("after 2 steps", "nothing is left to train");

        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void accumulatesBatchesIntoAStep() throws IOException {
        // Without dropout, two batches of 8 and one of 16 differ by rounding and by how long their answers are.
        var lora = tiny.config("out").lora().withDropout(0);
        var oneOf16 = run(tiny.config("a").withLora(lora).withBatch(BatchConfig.ofPasses(16, 1, 2)));
        var twoOf8 = run(tiny.config("b").withLora(lora).withBatch(BatchConfig.ofPasses(8, 2, 2)));

        assertThat(twoOf8.steps()).isEqualTo(oneOf16.steps()).isEqualTo(2);
        assertThat(Math.abs(twoOf8.firstLoss() - oneOf16.firstLoss())).isLessThan(0.02);
    }

    @Test
    void refusesAnOutputThatExists() throws IOException {
        run(tiny.config("out", FeatureMode.FUSE, 1));

        assertThatThrownBy(() -> run(tiny.config("out", FeatureMode.FUSE, 1)))
                .isInstanceOf(OutputExistsException.class);
    }

    @Test
    void refusesToGoOnFromAnotherRun() throws IOException {
        assertThatThrownBy(() -> new FineTuneRunner(tiny.config("out"), interruptedAfter(1)).run())
                .hasMessageContaining("interrupted");

        assertThatThrownBy(() -> run(tiny.config("out", FeatureMode.ZERO, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
    }

    @Test
    void refusesToGoOnWithAnotherBaseOfTheSameSize() throws IOException {
        assertThatThrownBy(() -> new FineTuneRunner(tiny.config("out"), interruptedAfter(1)).run())
                .hasMessageContaining("interrupted");
        tiny.writeBase(2);

        assertThatThrownBy(() -> run(tiny.config("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other inputs");
    }

    @Test
    void teachesAPlainLlamaTextAlone() throws IOException {
        tiny.blind();
        tiny.writeText();

        var report = run(tiny.config("out", FeatureMode.OFF, 12));

        assertThat(report.lastLoss()).isLessThan(report.firstLoss());
        assertThat(folder.resolve("out/adapter_model.safetensors")).exists();
        assertThat(folder.resolve("out/non_lora_trainables.bin")).doesNotExist();
        try (var model = LlavaModel.open(folder.resolve("out"), Optional.empty(), LoadOptions.on("cpu"))) {
            assertThat(model.takesPictures()).isFalse();
        }
    }

    @Test
    void refusesToShowPicturesToAPlainLlama() throws IOException {
        tiny.blind();

        assertRefused(tiny.config("out", FeatureMode.OFF, 1), "SIM4011-0000", "no vision tower");
        assertThatThrownBy(() -> run(tiny.config("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--feature-mode off");
    }

    @Test
    void refusesTwoTagsWithOnePicture() throws IOException {
        tiny.writeData(List.of(TinyRun.sample(0, List.of("0.png"), "The stage is N2.")));

        assertRefused("SIM4011-0000", "2 <image> tags, but 1 pictures");
    }

    @Test
    void refusesRowsOfOtherSamples() throws IOException {
        var ids = tiny.ids().stream()
                .map(id -> id.replace("SIM4011-0003", "SIM4011-0099"))
                .toList();
        tiny.writeFeatures(ids, new Random(0));

        assertRefused("no row for sample SIM4011-0003");
    }

    @Test
    void refusesFewerRowsThanSamples() throws IOException {
        tiny.writeRows(tiny.features(), tiny.ids().subList(0, 10));

        assertRefused("has no row for sample SIM4011-0010");
    }

    @Test
    void refusesASampleWithNothingToLearn() throws IOException {
        var tooLong = TinyRun.sample(0, List.of("0.png", "0.png"), "Wake. ".repeat(300));
        tiny.writeData(List.of(TinyRun.sample(1, tooLong.images(), "N2."), tooLong));
        tiny.writeFeatures(List.of("SIM4011-0000", "SIM4011-0001"), new Random(0));
        var config = tiny.config("out");
        var shorter = config.withInput(InputConfig.DEFAULT.withMaxLength(20));

        assertThatThrownBy(() -> run(shorter))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("nothing in it is to be learnt");
    }

    @Test
    void refusesAMissingPicture() throws IOException {
        Files.delete(tiny.images().resolve("7.png"));

        assertThatThrownBy(() -> run(tiny.config("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SIM4011-0007");
    }

    @Test
    void refusesAnOutputThatHoldsAnInput() {
        assertThatThrownBy(() -> tiny.config("images/.."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds the input");
        assertThatThrownBy(() -> tiny.config("base/out"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lies in the model's folder");
    }

    /** After CVE-2025-61784: data files name pictures, and must not reach other files. */
    @Test
    void refusesAPictureOutsideTheFolder() throws IOException {
        Files.copy(tiny.images().resolve("0.png"), folder.resolve("secret.png"));
        tiny.writeData(List.of(TinyRun.sample(0, List.of("0.png", "../secret.png"), "The stage is N2.")));

        assertRefused("eeg_ft.json", "SIM4011-0000", "'../secret.png' leads out of");
    }

    @Test
    void stopsWhereTheLossIsNoNumber() throws IOException {
        var config = tiny.config("out");
        var wild = config.withOptimizer(OptimizerConfig.DEFAULT
                .withRates(1e30, 1e30)
                .withMaxGradNorm(0)
                .withSchedule(new ScheduleConfig(Decay.CONSTANT, 0, 0)));

        assertThatThrownBy(() -> run(wild))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("step 2")
                .hasMessageContaining("SIM4011-");
        assertThat(ModelFolder.isAdapter(folder.resolve("out"))).isFalse();
    }

    private void assertRefused(String... words) {
        assertRefused(tiny.config("out"), words);
    }

    private void assertRefused(FineTuneConfig config, String... words) {
        assertThatThrownBy(() -> run(config))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll(words);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private FineTuneReport run(FineTuneConfig config) throws IOException {
        return new FineTuneRunner(config, surroundings()).run();
    }

    private Surroundings surroundings() {
        var cache = new TowerCache(folder.resolve("tower-cache"), 1 << 20);
        return Surroundings.of(Progress.SILENT).withTowerCache(Optional.of(cache));
    }

    /** As a killed process: nothing is tidied up. */
    private static Progress interruptedAfter(int steps) {
        return (task, done, total, note) -> {
            if (task.equals("fine-tuning") && done > steps) {
                throw new UncheckedIOException(new IOException("interrupted"));
            }
        };
    }

    private List<String> answers(String output) throws IOException {
        var rows = FeatureRows.read(tiny.features(), TinyRun.WIDTH);
        var picture = RgbImage.read(tiny.images().resolve("0.png"));
        try (var model = LlavaModel.open(folder.resolve(output), Optional.empty(), LoadOptions.on("cpu"))) {
            var requests = tiny.ids().stream()
                    .map(id ->
                            new VqaRequest(id, List.of(picture, picture), Optional.of(rows.row(id)), TinyRun.QUESTION))
                    .toList();
            return model.answer(requests, new AnswerOptions(Conversation.V1, FeatureMode.FUSE, 40)).stream()
                    .map(answer -> answer.text())
                    .toList();
        }
    }
}
