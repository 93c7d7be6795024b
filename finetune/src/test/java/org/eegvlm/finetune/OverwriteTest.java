package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.EvaluationConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;

class OverwriteTest extends OnTinyRun {

    @Test
    void refusesToDropWhatIsNoRun() throws IOException {
        var other = Files.createDirectories(folder.resolve("out/another-run"));

        assertRefused(config(StartConfig.DEFAULT), "is not the folder of a run");

        assertThat(other).isDirectory();
    }

    @Test
    void refusesToDropWhatItStartsFrom() throws IOException {
        tiny.run(tiny.config("out", FeatureMode.FUSE, 1));
        var inside = Files.createDirectories(folder.resolve("out/older/checkpoint-1"));

        assertRefused(config(StartConfig.withAdapter(folder.resolve("out"))), "the output", "holds");
        assertRefused(config(StartConfig.from(inside)), "the output", "holds");

        assertThat(folder.resolve("out/checkpoint-1")).isDirectory();
    }

    @Test
    void refusesToDropWhatItIsAskedAbout() throws IOException {
        tiny.run(tiny.config("out", FeatureMode.FUSE, 1));
        var asked = Files.copy(tiny.data(), folder.resolve("out/eval.json"));
        var samples = new SampleFiles(asked, tiny.images(), Optional.of(tiny.features()));
        var evaluation = new EvaluationConfig(Interval.ofSteps(1), Optional.of(samples), 2, Optional.empty());

        assertRefused(config(StartConfig.DEFAULT).withEvaluation(evaluation), "eval.json");

        assertThat(asked).exists();
    }

    @Test
    void refusesToDropWhatIsToBeResumed() throws IOException {
        tiny.run(tiny.config("out", FeatureMode.FUSE, 1));

        assertRefused(config(StartConfig.resumed()), "cannot be resumed");
        assertRefused(config(StartConfig.resumed()).withBatch(BatchConfig.ofSteps(8, 2)), "cannot be resumed");

        assertThat(folder.resolve("out/checkpoint-1")).isDirectory();
    }

    private FineTuneConfig config(StartConfig start) {
        var config = tiny.config("out", FeatureMode.FUSE, 1);
        return config.withExecution(config.execution().withOverwrite(true).withStart(start));
    }

    private void assertRefused(FineTuneConfig config, String... words) {
        assertThatThrownBy(() -> tiny.run(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }
}
