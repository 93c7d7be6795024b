package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.finetune.config.EvaluationConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.finetune.output.LoggedEvaluation;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;

class ValidationTest extends OnTinyRun {

    @Test
    void keepsAndEndsWithTheBestOfItsEvaluations() throws IOException {
        writeValidation("SIM777", "The stage is Wake.");

        tiny.run(config(4, 12, Optional.empty(), true));

        var log = TrainingLog.in(folder.resolve("out"));
        var best = log.evaluations().stream()
                .reduce((a, b) -> b.kappa() > a.kappa() ? b : a)
                .orElseThrow();
        assertThat(log.evaluations()).extracting(LoggedEvaluation::step).containsExactly(4L, 8L, 12L);
        assertThat(best.samples()).isEqualTo(3);
        var kept = folder.resolve("out/checkpoint-" + best.step());
        assertThat(kept).isDirectory();
        assertThat(folder.resolve("out/adapter_model.safetensors"))
                .hasSameBinaryContentAs(kept.resolve("adapter_model.safetensors"));
        var state = Json.readTree(folder.resolve("out/trainer_state.json"));
        assertThat(state.path("best_metric").asDouble()).isEqualTo(best.kappa());
        assertThat(state.path("best_model_checkpoint").asText()).endsWith("out/checkpoint-" + best.step());
        assertThat(state.path("log_history").findValues("eval_kappa")).hasSize(3);
    }

    @Test
    void endsWithTheBestOfItsOwnWhereAnotherRunWasBetter() throws IOException {
        writeValidation("SIM777", "The stage is Wake.");
        tiny.run(tiny.config("first", FeatureMode.FUSE, 2));
        var checkpoint = folder.resolve("first/checkpoint-2");
        Json.writeLines(checkpoint.resolve("evaluations.jsonl"), List.of(new LoggedEvaluation(1, 1, 1, 1, 0, 3)));
        var config = config(2, 4, Optional.empty(), true);

        tiny.run(config.withExecution(config.execution().withStart(StartConfig.from(checkpoint))));

        var state = Json.readTree(folder.resolve("out/trainer_state.json"));
        assertThat(state.path("best_model_checkpoint").asText()).endsWith("out/checkpoint-4");
        assertThat(ModelFolder.isAdapter(folder.resolve("out"))).isTrue();
    }

    @Test
    void endsEarlyWhereNothingGetsBetter() throws IOException {
        writeValidation("SIM777", "The stage is Wake.");

        var report = tiny.run(config(1, 12, Optional.of(2), false));

        assertThat(report.finished()).isTrue();
        assertThat(report.steps()).isLessThan(12);
        var evaluations = TrainingLog.in(folder.resolve("out")).evaluations();
        assertThat(evaluations).hasSize((int) report.steps());
    }

    @Test
    void doesNotChangeWhatIsLearnt() throws IOException {
        writeValidation("SIM777", "The stage is Wake.");
        tiny.run(tiny.config("alone", FeatureMode.FUSE, 4));

        tiny.run(config(2, 4, Optional.empty(), false));

        assertThat(folder.resolve("out/adapter_model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("alone/adapter_model.safetensors"));
    }

    @Test
    void refusesADamagedPictureBeforeTheFirstStep() throws IOException {
        writeValidation("SIM777", "The stage is Wake.");
        var damaged =
                Files.writeString(Files.createDirectory(folder.resolve("eval")).resolve("0.png"), "no picture");

        assertThatThrownBy(() -> tiny.run(config(2, 4, Optional.empty(), false, damaged.getParent())))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("0.png");

        assertThat(folder.resolve("out/loss.jsonl")).doesNotExist();
    }

    @Test
    void leavesAFinishedRunWhereAPictureIsDamaged() throws IOException {
        var config = tiny.config("out", FeatureMode.FUSE, 1);
        tiny.run(config);
        Files.writeString(tiny.images().resolve("0.png"), "no picture");

        assertThatThrownBy(
                        () -> tiny.run(config.withExecution(config.execution().withOverwrite(true))))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("0.png");

        assertThat(folder.resolve("out/adapter_config.json")).exists();
    }

    @Test
    void tellsWhatItWasAskedAbout() throws IOException {
        writeValidation("SIM777", "The stage is Wake.");

        tiny.run(config(2, 2, Optional.empty(), false));

        var record = Json.readTree(folder.resolve("out/finetune.json"));
        assertThat(record.path("eval_features").asText()).endsWith("eval_rows.npy");
        assertThat(record.path("inputs").path("eval_data_sha256").asText())
                .isEqualTo(Sha256.of(folder.resolve("eval.json")));
        assertThat(record.path("inputs").path("eval_features_sha256").asText())
                .isEqualTo(Sha256.of(folder.resolve("eval_rows.npy")));
        assertThat(record.path("inputs").path("eval_pictures_sha256").asText()).hasSize(64);
    }

    private FineTuneConfig config(int every, int steps, Optional<Integer> patience, boolean best) {
        return config(every, steps, patience, best, tiny.images());
    }

    private FineTuneConfig config(int every, int steps, Optional<Integer> patience, boolean best, Path images) {
        var files = new SampleFiles(folder.resolve("eval.json"), images, Optional.of(folder.resolve("eval_rows.npy")));
        return tiny.config("out", FeatureMode.FUSE, steps)
                .withEvaluation(new EvaluationConfig(Interval.ofSteps(every), Optional.of(files), 2, patience))
                .withSaving(new SavingConfig(Interval.ofSteps(50), Optional.of(1), best));
    }

    private void writeValidation(String subject, String answer) throws IOException {
        var samples = List.of(
                sample("v-0", subject, answer),
                sample("v-1", subject, answer),
                sample("v-2", subject, "The stage is N2."));
        Json.write(folder.resolve("eval.json"), samples);
        tiny.writeRows(
                folder.resolve("eval_rows.npy"),
                samples.stream().map(InstructionSample::id).toList());
    }

    private static InstructionSample sample(String id, String subject, String answer) {
        return new InstructionSample(
                id,
                List.of("0.png", "0.png"),
                List.of(new Turn(Turn.HUMAN, "<image>\n<image>\n" + TinyRun.QUESTION), new Turn(Turn.GPT, answer)),
                Optional.of(subject),
                true);
    }
}
