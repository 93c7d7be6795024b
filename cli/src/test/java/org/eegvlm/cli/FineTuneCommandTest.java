package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FineTuneCommandTest {

    @Test
    void defaultsToThePublishedSettings() {
        var config = config();

        assertThat(config)
                .isEqualTo(FineTuneConfig.of(new RunPaths(
                        Path.of("models/nano-llava"),
                        Path.of("sleep_data/eeg_ft.json"),
                        Path.of("sleep_data/eeg_images_ft"),
                        Optional.of(Path.of("sleep_data/train_high_level_features.npy")),
                        Path.of("checkpoints/nano"))));
    }

    /** Else the second one would begin its group of flags anew, and the rank would be the default again. */
    @Test
    void refusesAFlagThatStandsTwice() {
        var run = CommandRun.of("finetune", "--lora_r", "8", "--lora_alpha", "16", "--seed", "1", "--lora-alpha=32");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--lora-alpha: give this flag once, it stands twice");
    }

    @Test
    void takesThePublishedFlagsAsTheyAreWritten() {
        var config = config(
                "--lora_r",
                "64",
                "--lora_alpha",
                "128",
                "--mm_projector_lr",
                "1e-5",
                "--model_name_or_path",
                "llava-13b",
                "--version",
                "v1",
                "--data_path",
                "data/eeg.json",
                "--image_folder",
                "data/pictures",
                "--output_dir",
                "./checkpoints/mine",
                "--num_train_epochs",
                "3",
                "--per_device_train_batch_size",
                "8",
                "--gradient_accumulation_steps",
                "2",
                "--save_steps",
                "50000",
                "--learning_rate",
                "2e-4",
                "--weight_decay",
                "0.",
                "--warmup_ratio",
                "0.1",
                "--model_max_length",
                "4096");

        assertThat(config.lora().rank()).isEqualTo(64);
        assertThat(config.lora().alpha()).isEqualTo(128);
        assertThat(config.optimizer())
                .isEqualTo(OptimizerConfig.DEFAULT
                        .withRates(2e-4, 1e-5)
                        .withSchedule(new ScheduleConfig(Decay.COSINE, 0.1, 0)));
        assertThat(config.batch()).isEqualTo(BatchConfig.ofPasses(8, 2, 3));
        assertThat(config.input().maxLength()).isEqualTo(4096);
        assertThat(config.saving().interval()).isEqualTo(Interval.ofSteps(50000));
        assertThat(config.paths().model()).isEqualTo(Path.of("llava-13b"));
        assertThat(config.paths().output()).isEqualTo(Path.of("./checkpoints/mine"));
    }

    @Test
    void looksForFeaturesBesideTheData() {
        assertThat(config("--data-path", "data/eeg.json").paths().samples().features())
                .contains(Path.of("data/train_high_level_features.npy"));
    }

    @Test
    void readsNoFeaturesWhereTheyAreOff() {
        var config = config("--feature-mode", "off");

        assertThat(config.input().featureMode()).isEqualTo(FeatureMode.OFF);
        assertThat(config.paths().samples().features()).isEmpty();
    }

    @Test
    void refusesAnUnknownFeatureMode() {
        assertThatThrownBy(() -> config("--feature-mode", "loud"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loud")
                .hasMessageContaining("fuse");
    }

    private static FineTuneConfig config(String... arguments) {
        var command = new FineTuneCommand();
        new CommandLine(command).parseArgs(FlagSpelling.withDashes(arguments));
        return command.config(Optional.empty());
    }
}
