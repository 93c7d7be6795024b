package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoingBackTest {

    @TempDir
    private Path folder;

    @Test
    void goesOnAfterAKillInPlaceOfGoingBackAgain() throws IOException {
        var out = folder.resolve("out");
        var config = TinyRun.in(folder)
                .config("out", FeatureMode.FUSE, 7)
                .withSaving(new SavingConfig(Interval.ofSteps(3), Optional.of(1), false));
        kill(config, 3);
        var start = StartConfig.from(out.resolve("checkpoint-3"));
        var back = config.withExecution(config.execution().withStart(start));
        kill(back, 6);
        assertThat(out.resolve("checkpoint-3")).doesNotExist();

        var report = new FineTuneRunner(back, Progress.SILENT).run();

        assertThat(report.finished()).isTrue();
        assertThat(report.steps()).isEqualTo(7);
        assertThat(out.resolve("went_back_to.txt")).doesNotExist();
    }

    private static void kill(FineTuneConfig config, int after) {
        Progress killer = (task, done, total, note) -> {
            if (task.equals("fine-tuning") && done > after) {
                throw new UncheckedIOException(new IOException("killed"));
            }
        };
        assertThatThrownBy(() -> new FineTuneRunner(config, killer).run()).hasMessageContaining("killed");
    }
}
