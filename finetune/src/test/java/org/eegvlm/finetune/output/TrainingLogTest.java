package org.eegvlm.finetune.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.LoggingConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.data.BatchPlan;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.finetune.step.LoggedStep;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.TokenizedSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {

    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        var log = log(0.5, 0.25);

        log.write(folder);

        var read = TrainingLog.in(folder);
        assertThat(read.steps()).isEqualTo(log.steps());
        assertThat(read.evaluations()).isEqualTo(log.evaluations());
    }

    @Test
    void takesTheFirstOfEqualEvaluationsForTheBest() throws IOException {
        Files.createDirectory(folder.resolve("checkpoint-4"));
        Files.createDirectory(folder.resolve("checkpoint-6"));
        var best = log(0.2, 0.4, 0.4, 0.3).best(new CheckpointFolders(folder));

        assertThat(best.map(LoggedEvaluation::step)).contains(4L);
    }

    @Test
    void takesNoEvaluationForTheBestWhoseCheckpointIsNotHere() throws IOException {
        Files.createDirectory(folder.resolve("checkpoint-2"));
        var best = log(0.2, 0.4, 0.1).best(new CheckpointFolders(folder));

        assertThat(best.map(LoggedEvaluation::step)).contains(2L);
    }

    @Test
    void stagnatesWhenNothingBetterCameForSoLong() {
        assertThat(log(0.2, 0.4, 0.4).stagnates(2)).isFalse();
        assertThat(log(0.2, 0.4, 0.4, 0.3).stagnates(2)).isTrue();
        assertThat(TrainingLog.empty().stagnates(1)).isFalse();
    }

    @Test
    void tellsItsStateInTransformersWords() {
        var config = FineTuneConfig.of(new RunPaths(
                        Path.of("base"),
                        new SampleFiles(Path.of("a.json"), Path.of("images"), Optional.of(Path.of("a.npy"))),
                        Path.of("out")))
                .withBatch(BatchConfig.ofPasses(8, 1, 2))
                .withLogging(new LoggingConfig(2, false));
        var plan = BatchPlan.of(config, samples(16));

        var state = new TrainerState(config, plan).of(log(0.2, 0.4), new CheckpointFolders(Path.of("out")));

        assertThat(state)
                .containsEntry("best_metric", Optional.of(0.4))
                .containsEntry("best_model_checkpoint", Optional.of("out/checkpoint-4"))
                .containsEntry("epoch", 2.0)
                .containsEntry("global_step", 4L)
                .containsEntry("num_input_tokens_seen", 400L);
        assertThat((List<?>) state.get("log_history"))
                .hasSize(4)
                .element(2)
                .isEqualTo(Map.of("epoch", 2.0, "grad_norm", 1.0, "learning_rate", 1e-4, "loss", 3.5, "step", 4L));
    }

    private static TrainingData samples(int count) {
        return new TrainingData(
                Collections.nCopies(count, new InstructionSample("a", List.of(), List.of(), Optional.empty(), true)),
                Collections.nCopies(count, new TokenizedSample("a", new int[] {1}, new int[] {1})),
                Optional.empty(),
                new TrainingData.Limits(0, 0, 8, 8),
                FeatureMode.OFF);
    }

    /** Two steps before each evaluation. */
    private static TrainingLog log(double... kappas) {
        var log = TrainingLog.empty();
        for (double kappa : kappas) {
            for (int i = 0; i < 2; i++) {
                long step = log.done() + 1;
                log.add(new LoggedStep(step, step, 1e-4, 1, 100));
            }
            log.add(new LoggedEvaluation(log.done(), kappa, kappa, kappa, 0, 10));
        }
        return log;
    }
}
