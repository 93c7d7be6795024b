package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.io.Json;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.EvaluationConfig;
import org.eegvlm.finetune.config.ExecutionConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.Parallelism;
import org.eegvlm.finetune.config.PrecisionConfig;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.finetune.step.LoggedStep;
import org.eegvlm.tensor.SafetensorsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The processor, named several times, is several devices: each has weights and a thread of its own. */
class SeveralDevicesTest {

    /** As many as it takes to learn what the rows say. */
    private static final int STEPS = 24;

    @TempDir
    Path folder;

    private TinyRun tiny;

    @BeforeEach
    void make() throws IOException {
        tiny = TinyRun.in(folder, 3);
    }

    /** Of the last batch of a pass there are 4 samples for 2 replicas, and 1 for 3: two have nothing to do. */
    @ParameterizedTest
    @CsvSource({"'cpu,cpu', 6, FLOAT32, 2e-5", "'cpu,cpu', 6, FLOAT64, 1e-9", "'cpu,cpu,cpu', 5, FLOAT64, 1e-9"})
    void trainsReplicasAsOneModelWithAsManyTimesTheBatch(String devices, int size, DataType type, double tolerance)
            throws IOException {
        int replicas = devices.split(",").length;
        run(on(withoutDropout("replicas", size, type), devices, Parallelism.DATA));
        run(withoutDropout("one", size * replicas, type));

        assertClose(losses("replicas"), losses("one"), tolerance);
        assertThat(distance(weights("replicas"), weights("one"))).isLessThan(1000 * tolerance);
        var state = Json.readTree(folder.resolve("replicas/trainer_state.json"));
        assertThat(state.path("train_batch_size").asInt()).isEqualTo(size);
        assertThat(state.path("epoch"))
                .isEqualTo(
                        Json.readTree(folder.resolve("one/trainer_state.json")).path("epoch"));
        assertThat(log("replicas").steps().stream().map(LoggedStep::tokens))
                .isEqualTo(log("one").steps().stream().map(LoggedStep::tokens).toList());
    }

    @ParameterizedTest
    @CsvSource({"true, 4", "false, 4", "true, 1"})
    void trainsLayersOnThreeDevicesToTheSameBitsAsOnOne(boolean checkpointing, int accumulation) throws IOException {
        var precision = new PrecisionConfig(DataType.FLOAT32, false, checkpointing);
        run(on(config("stages", 3, accumulation).withPrecision(precision), "cpu,cpu,cpu", Parallelism.LAYERS));
        run(config("one", 3, accumulation).withPrecision(precision));

        assertThat(losses("stages")).isEqualTo(losses("one"));
        assertThat(tensors("stages")).isEqualTo(tensors("one"));
    }

    @ParameterizedTest
    @EnumSource(Parallelism.class)
    void endsInTheSameBytesAfterAnInterruption(Parallelism way) throws IOException {
        var config = on(config("out", 3, 2), "cpu,cpu", way);
        run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        var again = config.withExecution(config.execution().withOverwrite(true));

        var stopped = tiny.stop(again, 2);
        run(again);

        assertThat(stopped.steps()).isEqualTo(2);
        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    /** The format of a checkpoint knows no devices. */
    @Test
    void goesOnElsewhereInAnotherFolder() throws IOException {
        run(withoutDropout("whole", 6, DataType.FLOAT32));
        var begun = on(withoutDropout("begun", 3, DataType.FLOAT32), "cpu,cpu", Parallelism.DATA);
        tiny.stop(begun, 2);

        var elsewhere = on(withoutDropout("elsewhere", 6, DataType.FLOAT32), "cpu,cpu,cpu", Parallelism.LAYERS);
        var start = StartConfig.from(folder.resolve("begun/checkpoint-2"));
        run(elsewhere.withExecution(elsewhere.execution().withStart(start)));

        assertClose(losses("elsewhere"), losses("whole"), 1e-4);
        assertThatThrownBy(() -> run(withoutDropout("begun", 6, DataType.FLOAT32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begun with other settings");
    }

    @ParameterizedTest
    @EnumSource(Parallelism.class)
    void isAskedOnItsWayAndTellsAllAsOneDeviceDoes(Parallelism way) throws IOException {
        writeQuestions();
        int share = way == Parallelism.DATA ? 4 : 8;
        run(on(asked("several", share), "cpu,cpu", way));
        run(asked("one", 8));

        assertThat(log("several").evaluations()).isEqualTo(log("one").evaluations());
        assertThat(log("one").evaluations().get(1).kappa()).isGreaterThan(0.9);
        var several = Json.readTree(folder.resolve("several/trainer_state.json"));
        var one = Json.readTree(folder.resolve("one/trainer_state.json"));
        assertThat(several.path("best_metric")).isEqualTo(one.path("best_metric"));
        assertThat(several.path("log_history").findValuesAsText("step"))
                .isEqualTo(one.path("log_history").findValuesAsText("step"))
                .hasSize(STEPS + 2);
        assertThat(log("several").steps()).hasSize(STEPS);
        assertThat(events("several")).isEqualTo(events("one")).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Parallelism.class)
    void stopsWhereTheLossIsNoNumber(Parallelism way) {
        var config = config("out", 3, 2);
        var wild = config.withOptimizer(OptimizerConfig.DEFAULT.withRates(1e30, 1e30));

        assertThatThrownBy(() -> run(on(wild, "cpu,cpu", way)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContainingAll("step 3", "SIM4011-");
    }

    @Test
    void asksHowDevicesShareTheWork() {
        assertThatThrownBy(() -> ExecutionConfig.DEFAULT.withDevice("cuda:0,1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("cuda:0,1", "--parallel data", "--parallel layers");
        assertThatThrownBy(() -> ExecutionConfig.DEFAULT.withDevices("cuda:0,0", Parallelism.DATA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("names a GPU twice");
        assertThatThrownBy(() -> ExecutionConfig.DEFAULT.withDevices("cpu,cuda:0", Parallelism.LAYERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("devices of one kind");
    }

    @Test
    void refusesMoreDevicesThanLayers() {
        var config = on(config("out", 3, 1), "cpu,cpu,cpu,cpu", Parallelism.LAYERS);

        assertThatThrownBy(() -> run(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the 3 layers");
        assertThatThrownBy(() -> new DryRun(config).lines())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the 3 layers");
    }

    /** As people that nobody learns from: the same pictures and rows, so that what was learnt shows. */
    private void writeQuestions() throws IOException {
        var questions = tiny.samples().stream()
                .limit(4)
                .map(SeveralDevicesTest::ofStranger)
                .toList();
        Json.write(folder.resolve("eval.json"), questions);
        tiny.writeRows(
                folder.resolve("eval_rows.npy"),
                questions.stream().map(InstructionSample::id).toList());
    }

    private static InstructionSample ofStranger(InstructionSample sample) {
        return new InstructionSample(
                "eval-" + sample.id(), sample.images(), sample.conversations(), Optional.of("SIM777"), true);
    }

    private FineTuneConfig asked(String output, int size) {
        var files = new SampleFiles(
                folder.resolve("eval.json"), tiny.images(), Optional.of(folder.resolve("eval_rows.npy")));
        return withoutDropout(output, size, DataType.FLOAT32)
                .withBatch(BatchConfig.ofSteps(size, STEPS))
                .withEvaluation(
                        new EvaluationConfig(Interval.ofSteps(STEPS / 2), Optional.of(files), 2, Optional.empty()))
                .withSaving(new SavingConfig(Interval.NEVER, Optional.of(1), true));
    }

    /** Bytes that TensorBoard reads. */
    private long events(String output) throws IOException {
        try (var files = Files.list(folder.resolve(output).resolve("runs"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private FineTuneConfig config(String output, int size, int accumulation) {
        var config = tiny.config(output);
        return config.withBatch(new BatchConfig(size, accumulation, 1, Optional.of(4), false))
                .withLora(config.lora().withDropout(0.05));
    }

    /** What is dropped depends on how a batch is shared. */
    private FineTuneConfig withoutDropout(String output, int size, DataType type) {
        var config = config(output, size, 1);
        return config.withLora(config.lora().withDropout(0)).withPrecision(new PrecisionConfig(type, false, true));
    }

    private static FineTuneConfig on(FineTuneConfig config, String devices, Parallelism way) {
        return config.withExecution(config.execution().withDevices(devices, way));
    }

    private static void run(FineTuneConfig config) throws IOException {
        new FineTuneRunner(config, Progress.SILENT).run();
    }

    private TrainingLog log(String output) throws IOException {
        return TrainingLog.in(folder.resolve(output));
    }

    private List<Double> losses(String output) throws IOException {
        return log(output).steps().stream().map(LoggedStep::loss).toList();
    }

    /** Hashes of the adapter, the projector and the optimisers. */
    private Map<String, String> tensors(String output) throws IOException {
        var hashes = TinyRun.hashes(folder.resolve(output));
        hashes.keySet().removeIf(name -> !name.endsWith(".safetensors") && !name.endsWith(".bin"));
        assertThat(hashes).hasSize(7);
        return hashes;
    }

    private List<float[]> weights(String output) throws IOException {
        var file = SafetensorsFile.open(folder.resolve(output).resolve("adapter_model.safetensors"));
        var weights = new ArrayList<float[]>();
        for (var name : file.tensors().keySet()) {
            weights.add(file.floats(name));
        }
        return weights;
    }

    /** Of all tensors together, in terms of their length. */
    private static double distance(List<float[]> ours, List<float[]> theirs) {
        double difference = 0;
        double length = 0;
        for (int t = 0; t < theirs.size(); t++) {
            for (int i = 0; i < theirs.get(t).length; i++) {
                difference += Math.pow(ours.get(t)[i] - theirs.get(t)[i], 2);
                length += Math.pow(theirs.get(t)[i], 2);
            }
        }
        return Math.sqrt(difference / length);
    }

    private static void assertClose(List<Double> ours, List<Double> theirs, double relative) {
        assertThat(ours)
                .usingElementComparator((a, b) -> Math.abs(a - b) <= relative * Math.abs(b) ? 0 : Double.compare(a, b))
                .containsExactlyElementsOf(theirs);
    }
}
