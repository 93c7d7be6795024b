package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.finetune.config.EvaluationConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.Parallelism;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.finetune.config.StartConfig;
import org.eegvlm.finetune.config.VisionClaims;
import org.eegvlm.finetune.step.Trainee;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.ModelOutline;
import org.junit.jupiter.api.Test;

class DryRunTest extends OnTinyRun {

    @Test
    void tellsWhatARunWouldDo() throws IOException {
        var text = told(tiny.config("out"));

        assertThat(text)
                .contains("2 layers × 64, 4 rows a picture")
                .contains("16 samples, 16 with pictures, 16 different pictures")
                .contains("features.npy [16, 1, 32], mode fuse")
                .contains("0 of 16 samples are cut")
                .contains("60 of 1 × 8 samples, 30.00 passes")
                .contains("cosine: 0.00e+00 in step 1, 4.00e-03 in step 3")
                .contains("memory    about")
                .contains("ASSISTANT:⟦The stage is")
                .contains("%.</s>⟧")
                .contains("[picture: 4]")
                .contains("[feature row, fuse: 4]")
                .contains("--- and 5 more");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void showsARowThatIsOneToken() throws IOException {
        assertThat(told(tiny.config("out", FeatureMode.TOKEN, 3))).contains("[feature row, token: 1]");
    }

    @Test
    void tellsHowDevicesShareTheWork() throws IOException {
        var config = tiny.config("out");
        var execution = config.execution().withDevices("cpu,cpu", Parallelism.DATA);

        assertThat(told(config.withExecution(execution)))
                .contains("60 of 1 × 16 samples, 60.00 passes")
                .contains("devices   cpu,cpu, parallel by data: 2 × 8 samples a batch");
    }

    @Test
    void countsWhatIsTrained() throws IOException {
        var config = tiny.config("out");
        var count = TrainableCount.of(config.lora(), ModelOutline.read(tiny.base()));

        try (var model = LlavaModel.open(tiny.base(), Optional.empty(), LoadOptions.on("cpu"));
                var trainee = Trainee.of(List.of(model), config, Optional.empty())) {
            assertThat(count.total()).isEqualTo(trainee.parameterCount());
        }
        assertThat(told(config)).contains("trained   22,144 numbers");
    }

    @Test
    void refusesWhatTheRunWouldRefuse() throws IOException {
        tiny.writeRows(tiny.features(), tiny.ids().subList(0, 10));

        assertThatThrownBy(() -> told(tiny.config("out")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("has no row for sample SIM4011-0010");
    }

    @Test
    void refusesAnOutputThatIsTaken() throws IOException {
        Files.createDirectories(folder.resolve("out/something"));
        var file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> told(tiny.config("out"))).isInstanceOf(OutputExistsException.class);
        assertThatThrownBy(() -> told(tiny.config("file/out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file + " is no folder");
    }

    @Test
    void refusesADeviceThatIsNotHere() {
        var config = tiny.config("out");
        var elsewhere = config.withExecution(config.execution().withDevice("cuda:99"));

        assertThatThrownBy(() -> told(elsewhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no device cuda:99");
    }

    @Test
    void tellsWhereAStoppedRunGoesOnAndRefusesAnother() throws IOException {
        var config = tiny.config("out", FeatureMode.FUSE, 4);
        tiny.stop(config, 2);

        assertThat(told(config)).contains("going on from", "checkpoint-2");
        assertThatThrownBy(() -> told(tiny.config("out", FeatureMode.ZERO, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other settings");
        assertThat(folder.resolve("out/checkpoint-2")).isDirectory();
    }

    @Test
    void tellsTheCheckpointThatItGoesBackTo() throws IOException {
        var start = StartConfig.from(folder.resolve("out/checkpoint-1"));
        tiny.stop(saving(), 2);

        assertBeginsAsTold(saving(), false, start, "there already, going on from", "out/checkpoint-1");
    }

    @Test
    void tellsThatAnUnfinishedRunGoesOnThoughItMightBeReplaced() throws IOException {
        tiny.stop(saving(), 2);

        assertBeginsAsTold(saving(), true, StartConfig.DEFAULT, "there already, going on from", "out/checkpoint-2");
    }

    @Test
    void tellsThatAFinishedRunGoesBack() throws IOException {
        tiny.run(saving());
        var start = StartConfig.from(folder.resolve("out/checkpoint-1"));

        assertBeginsAsTold(saving(), true, start, "there already, going on from", "out/checkpoint-1");
    }

    @Test
    void tellsThatAFinishedRunIsReplacedByOneFromElsewhere() throws IOException {
        tiny.run(saving());
        tiny.stop(tiny.config("other", FeatureMode.FUSE, 4), 2);
        var start = StartConfig.from(folder.resolve("other/checkpoint-2"));

        assertBeginsAsTold(saving(), true, start, "what is there is replaced, going on from", "other/checkpoint-2");
    }

    @Test
    void tellsThatAFinishedRunIsReplaced() throws IOException {
        tiny.run(saving());

        assertBeginsAsTold(saving(), true, StartConfig.DEFAULT, "what is there is replaced, from step 0");
    }

    @Test
    void checksWhatIsAskedAbout() throws IOException {
        var files = new SampleFiles(folder.resolve("eval.json"), tiny.images(), Optional.of(tiny.features()));
        var config = tiny.config("out")
                .withEvaluation(new EvaluationConfig(Interval.ofSteps(1), Optional.of(files), 2, Optional.empty()));
        assertThatThrownBy(() -> told(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no data file");
        var sample = new InstructionSample(
                "v-0",
                List.of(),
                List.of(new Turn(Turn.HUMAN, TinyRun.QUESTION), new Turn(Turn.GPT, "The stage is N2.")),
                Optional.empty(),
                true);
        Json.write(files.data(), List.of(sample));

        assertThat(told(config)).contains("eval.json: 1 questions, 0 different pictures, 0 with a feature row");
    }

    @Test
    void refusesAClaimThatIsNotTrueOfTheModel() {
        var claims =
                new VisionClaims(Optional.of("openai/clip-vit-large-patch14"), Optional.of(-2), Optional.of("pad"));
        var config = tiny.config("out").withInput(InputConfig.DEFAULT.withClaims(claims));

        assertThatThrownBy(() -> told(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("--vision_tower clip-vit-large-patch14", "has clip");
    }

    /** Four steps, each kept. */
    private FineTuneConfig saving() {
        return tiny.config("out", FeatureMode.FUSE, 4)
                .withSaving(new SavingConfig(Interval.ofSteps(1), Optional.of(4), false));
    }

    /** And that the run itself does as the dry run says. */
    private static void assertBeginsAsTold(FineTuneConfig config, boolean overwrite, StartConfig start, String... words)
            throws IOException {
        var begun =
                config.withExecution(config.execution().withOverwrite(overwrite).withStart(start));
        var text = told(begun);
        assertThat(text.lines().filter(line -> line.startsWith("output")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains(words));
        var from = new AtomicInteger(-1);
        Progress first = (task, done, total, note) -> {
            if (task.equals("fine-tuning")) {
                from.compareAndSet(-1, (int) done - 1);
            }
        };
        new FineTuneRunner(begun, first).run();
        int told = text.contains("from step 0") ? 0 : words[1].charAt(words[1].length() - 1) - '0';
        assertThat(from).hasValue(told);
    }

    private static String told(FineTuneConfig config) throws IOException {
        return String.join("\n", new DryRun(config).lines());
    }
}
