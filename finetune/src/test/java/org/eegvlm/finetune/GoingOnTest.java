package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.finetune.config.ExecutionConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.finetune.output.TrainingLog;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;

/** Runs that do not begin at nothing: stopped, killed, resumed, gone back, or started from what another run left. */
class GoingOnTest extends OnTinyRun {

    @Test
    void endsInTheSameBytesAfterAnInterruption() throws IOException {
        var config = tiny.config("out", FeatureMode.FUSE, 7);
        tiny.run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        var again = config.withExecution(ExecutionConfig.DEFAULT.withSeed(5).withOverwrite(true));

        tiny.kill(again, 5);
        assertThat(ModelFolder.isAdapter(folder.resolve("out"))).isFalse();
        var report = tiny.run(again);

        assertThat(report.steps()).isEqualTo(7);
        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    @Test
    void answersFromACheckpointOfAnUnfinishedRun() throws IOException {
        var config = tiny.config("out").withSaving(SavingConfig.DEFAULT.withInterval(Interval.ofSteps(2)));
        tiny.kill(config, 2);

        assertThat(tiny.answers("out/checkpoint-2")).hasSize(TinyRun.SAMPLES);
        assertThatThrownBy(() -> tiny.answers("out")).hasMessageContaining("checkpoint-2");
    }

    @Test
    void savesAndStopsWhenAskedTo() throws IOException {
        var config = tiny.config("out", FeatureMode.FUSE, 7);
        tiny.run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        Output.deleteTree(folder.resolve("out"));

        var stopped = tiny.stop(config, 3);

        assertThat(stopped.finished()).isFalse();
        assertThat(stopped.steps()).isEqualTo(3);
        assertThat(folder.resolve("out/checkpoint-3")).isDirectory();
        var resumed = config.withExecution(config.execution().withStart(StartConfig.resumed()));
        assertThat(tiny.run(resumed).finished()).isTrue();
        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    @Test
    void goesBackToAnEarlierCheckpointOfItsOwn() throws IOException {
        var saving = new SavingConfig(Interval.ofSteps(3), Optional.empty(), false);
        var config = tiny.config("out", FeatureMode.FUSE, 7).withSaving(saving);
        tiny.run(config);
        var whole = TinyRun.hashes(folder.resolve("out"));
        var start = StartConfig.from(folder.resolve("out/checkpoint-3"));

        assertThatThrownBy(
                        () -> tiny.run(config.withExecution(config.execution().withStart(start))))
                .isInstanceOf(OutputExistsException.class);
        tiny.run(config.withExecution(config.execution().withStart(start).withOverwrite(true)));

        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    @Test
    void goesOnAfterAKillInPlaceOfGoingBackAgain() throws IOException {
        var out = folder.resolve("out");
        var config = tiny.config("out", FeatureMode.FUSE, 7)
                .withSaving(new SavingConfig(Interval.ofSteps(3), Optional.of(1), false));
        tiny.kill(config, 3);
        var start = StartConfig.from(out.resolve("checkpoint-3"));
        var back = config.withExecution(config.execution().withStart(start));
        tiny.kill(back, 6);
        assertThat(out.resolve("checkpoint-3")).doesNotExist();

        var report = tiny.run(back);

        assertThat(report.finished()).isTrue();
        assertThat(report.steps()).isEqualTo(7);
        assertThat(out.resolve("went_back_to.txt")).doesNotExist();
    }

    @Test
    void goesOnFromTheCheckpointOfAnotherRun() throws IOException {
        tiny.run(tiny.config("first", FeatureMode.FUSE, 4));
        var start = StartConfig.from(folder.resolve("first/checkpoint-4"));
        var second = tiny.config("second", FeatureMode.FUSE, 6);

        var report = tiny.run(second.withExecution(second.execution().withStart(start)));

        assertThat(report.steps()).isEqualTo(6);
        assertThat(TrainingLog.in(folder.resolve("second")).steps().subList(0, 4))
                .isEqualTo(TrainingLog.in(folder.resolve("first")).steps());
    }

    @Test
    void beginsWithTheAdapterOfAnotherRun() throws IOException {
        tiny.run(tiny.config("first", FeatureMode.FUSE, 30));
        var start = StartConfig.withAdapter(folder.resolve("first"));
        var second = tiny.config("second", FeatureMode.FUSE, 2);

        var report = tiny.run(second.withExecution(second.execution().withStart(start)));

        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.firstLoss())
                .isLessThan(
                        TrainingLog.in(folder.resolve("first")).steps().get(0).loss() / 2);
    }

    @Test
    void tellsTheLoraOfTheAdapterItBeginsWith() throws IOException {
        tiny.run(tiny.config("first", FeatureMode.FUSE, 1));
        var second = tiny.config("second", FeatureMode.FUSE, 1)
                .withLora(LoraConfig.DEFAULT)
                .withExecution(ExecutionConfig.DEFAULT.withStart(StartConfig.withAdapter(folder.resolve("first"))));

        tiny.run(second);

        var record = Json.readTree(folder.resolve("second/finetune.json"));
        assertThat(record.path("lora_r").asInt()).isEqualTo(8);
        assertThat(record.path("lora_alpha").asDouble()).isEqualTo(16);
        assertThat(String.join(
                        "\n", new DryRun(second.withExecution(second.execution().withOverwrite(true))).lines()))
                .contains("of LoRA r8");
    }

    @Test
    void refusesToResumeWhereNothingIs() {
        var config = tiny.config("out", FeatureMode.FUSE, 4);

        assertThatThrownBy(
                        () -> tiny.run(config.withExecution(config.execution().withStart(StartConfig.resumed()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no checkpoint to go on from");
    }

    @Test
    void refusesACheckpointThatHasAllStepsAlready() throws IOException {
        tiny.run(tiny.config("first", FeatureMode.FUSE, 2));
        var start = StartConfig.from(folder.resolve("first/checkpoint-2"));
        var second = tiny.config("out", FeatureMode.FUSE, 2).withExecution(ExecutionConfig.DEFAULT.withStart(start));

        assertThatThrownBy(() -> tiny.run(second))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("after 2 steps", "nothing is left to train");

        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void refusesToGoOnFromAnotherRun() throws IOException {
        tiny.kill(tiny.config("out"), 1);

        assertThatThrownBy(() -> tiny.run(tiny.config("out", FeatureMode.ZERO, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
    }

    @Test
    void refusesToGoOnWithAnotherBaseOfTheSameSize() throws IOException {
        tiny.kill(tiny.config("out"), 1);
        tiny.writeBase(2);

        assertThatThrownBy(() -> tiny.run(tiny.config("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other inputs");
    }
}
