package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain, once, as small as it can be. */
@Tag("recipe")
class DemoTest {
    private static final String PUBLISHED = """
            --lora_enable True --lora_r 128 --lora_alpha 256 --mm_projector_lr 2e-5 --deepspeed ./scripts/zero3.json
            --version v1 --mm_projector_type mlp2x_gelu --mm_vision_select_layer -2 --mm_use_im_start_end False
            --mm_use_im_patch_token False --image_aspect_ratio pad --group_by_modality_length True --bf16 True
            --num_train_epochs 2 --per_device_train_batch_size 16 --per_device_eval_batch_size 4
            --gradient_accumulation_steps 1 --evaluation_strategy no --save_strategy steps --save_steps 50000
            --save_total_limit 1 --learning_rate 3e-4 --weight_decay 0. --warmup_ratio 0.03 --lr_scheduler_type cosine
            --logging_steps 1 --tf32 True --model_max_length 4096 --gradient_checkpointing True
            --dataloader_num_workers 1 --lazy_preprocess True --report_to wandb""";

    private static DemoFolder folder;
    private static Demo demo;

    @TempDir
    Path fresh;

    @BeforeAll
    static void run(@TempDir Path root) throws IOException {
        folder = new DemoFolder(root.resolve("demo"));
        demo = TinyDemo.in(folder.root());
        for (var step : demo.steps()) {
            step.work().run();
        }
        demo.summarise();
    }

    @Test
    void leavesThePublishedFiles() {
        assertThat(folder.data())
                .isDirectoryContaining("glob:**/epochs.jsonl")
                .isDirectoryContaining("glob:**/eeg_images_ft")
                .isDirectoryContaining("glob:**/eeg_images_eval")
                .isDirectoryContaining("glob:**/train_high_level_features.npy")
                .isDirectoryContaining("glob:**/eval_high_level_features.npy")
                .isDirectoryContaining("glob:**/eeg_ft.json")
                .isDirectoryContaining("glob:**/eeg_eval.jsonl");
        assertThat(folder.data().resolve("answers/eeg_answers.jsonl")).isNotEmptyFile();
        assertThat(folder.root().resolve("checkpoints/nano/adapter_model.safetensors"))
                .isNotEmptyFile();
        assertThat(folder.root().resolve("models/nano-llava/config.json")).isNotEmptyFile();
    }

    @Test
    void writesAReportThatSaysSimulated() {
        assertThat(folder.report()).content().contains("imulated", "For research, not for diagnosis");
    }

    @Test
    void comparesEverybodyOnTheSameEpochs() throws IOException {
        var modes = Json.readTree(folder.summary()).get("modes");

        assertThat(modes.fieldNames()).toIterable().containsExactly("majority", "bandpower", "vision", "base", "fuse");
        assertThat(modes.findValuesAsText("n")).containsOnly("20");
        assertThat(modes.get("fuse").fieldNames())
                .toIterable()
                .containsExactly("accuracy", "macroF1", "kappa", "unreadable", "n");
    }

    @Test
    void findsEveryStepFinishedAfterwards() {
        assertThat(demo.steps()).allMatch(DemoStep::finished);
    }

    @Test
    void doesNotMixSeedsInOneFolder() {
        var other = DemoSettings.of(4, false);

        assertThatThrownBy(() -> other.claim(folder.root()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed 3");
    }

    /** The published Step 3 with its paths changed, cut to one step. */
    @Test
    void fineTunesByThePublishedCommand() {
        var tuned = fresh.resolve("tuned");

        var run = published(tuned, "--max_steps", "1", "--tower-cache-gib", "0");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .containsOnlyOnce("--tf32 changes nothing here")
                .containsOnlyOnce("--lazy_preprocess changes nothing here")
                .containsOnlyOnce("--dataloader_num_workers changes nothing here")
                .containsOnlyOnce("--report_to wandb: nothing is sent")
                .containsOnlyOnce("--deepspeed");
        assertThat(tuned.resolve("adapter_model.safetensors")).isNotEmptyFile();
        assertThat(tuned.resolve("non_lora_trainables.bin")).isNotEmptyFile();
    }

    @Test
    void tellsWhatThePublishedCommandWouldDo() {
        var run = published(fresh.resolve("tuned"), "--dry-run");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("tokens    min", "memory    about", "⟦The stage is");
        assertThat(fresh).isEmptyDirectory();
    }

    private static CommandRun published(Path output, String... more) {
        var paths = new String[] {
            "--model_name_or_path", folder.base().toString(),
            "--data_path", folder.samples().toString(),
            "--image_folder", folder.trainPictures().toString(),
            "--vision_tower", "clip",
            "--output_dir", output.toString()
        };
        var all = Stream.of(new String[] {"finetune"}, PUBLISHED.split("\\s+"), paths, more)
                .flatMap(Stream::of)
                .toArray();
        return CommandRun.of(all);
    }

    @Test
    void stagesANewNight() throws IOException {
        var run = CommandRun.of("stage", newNight(), "--model", folder.root(), "--out", fresh.resolve("staged"));

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("20 epochs of night.edf, staged by nano", "simulated");
        assertThat(fresh.resolve("staged/hypnogram.csv")).content().startsWith("onset,label,duration\n0,");
        assertThat(Files.readAllLines(fresh.resolve("staged/hypnogram.csv"))).hasSize(21);
        assertThat(fresh.resolve("staged/report.html")).isNotEmptyFile();
    }

    @Test
    void readsTheChannelThatAnotherLaboratoryNamesOtherwise() throws IOException {
        var run = CommandRun.of(
                "stage", newNight(), "--channel", "EEG Pz-Oz", "--model", folder.root(), "--out", fresh.resolve("out"));

        assertThat(run.exitCode()).isZero();
        assertThat(fresh.resolve("out/epochs.jsonl")).content().contains("EEG Pz-Oz");
    }

    @Test
    void listsTheChannelsThatThereAre() throws IOException {
        var run = CommandRun.of(
                "stage", newNight(), "--channel", "C9", "--model", folder.root(), "--out", fresh.resolve("out"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("C9", "EEG Fpz-Cz");
        assertThat(fresh.resolve("out/report.html")).doesNotExist();
    }

    @Test
    void refusesToStageASubjectThatTheModelHasSeen() throws IOException {
        var card = Json.readTree(folder.root().resolve("checkpoints/nano/eegvlm.json"));
        var seen = card.get("subjects").get(0).asText();

        var run = CommandRun.of("stage", recordingOf(seen), "--model", folder.root(), "--out", fresh.resolve("out"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(seen);
    }

    @Test
    void stagesAndScoresARecordedNight() throws IOException {
        var recording = Path.of(System.getProperty("eegvlm.testData", ""), "psg", "Osas2002plusQRS.edf");
        assumeTrue(Files.exists(recording), () -> "skipped: no real recording at " + recording);

        var run = CommandRun.of(
                "stage", recording, "--channel", "EEG Fpz-M2", "--model", folder.root(), "--out", fresh.resolve("out"));

        assertThat(run.exitCode()).isZero();
        assertThat(Json.readTree(fresh.resolve("out/answers/metrics.json"))
                        .at("/overall/n")
                        .asInt())
                .isEqualTo(40);
        assertThat(fresh.resolve("out/report.html")).content().contains("recorded night");
    }

    @Test
    void aWrongChannelCanBePutRight() throws IOException {
        var night = newNight();
        var out = fresh.resolve("out");

        var wrong = CommandRun.of("stage", night, "--channel", "C9", "--model", folder.root(), "--out", out);
        var right = CommandRun.of("stage", night, "--model", folder.root(), "--out", out);

        assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(right.exitCode()).isZero();
    }

    @Test
    void keepsAStagedNight() throws IOException {
        var night = newNight();
        var out = fresh.resolve("out");
        CommandRun.of("stage", night, "--model", folder.root(), "--out", out);

        var again = CommandRun.of("stage", night, "--model", folder.root(), "--out", out);
        var overwritten = CommandRun.of("stage", night, "--model", folder.root(), "--out", out, "--overwrite");

        assertThat(again.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("--overwrite");
        assertThat(overwritten.exitCode()).isZero();
    }

    /** A night of nobody whom the models have seen, without a hypnogram. */
    private Path newNight() throws IOException {
        var nights = new Simulation(new SimulationConfig(fresh.resolve("raw"), 1, 20, 99), Progress.SILENT).run();
        return Files.copy(nights.get(0).recording(), fresh.resolve("night.edf"));
    }

    private static Path recordingOf(String subject) throws IOException {
        try (var files = Files.list(folder.raw())) {
            return files.filter(file -> file.getFileName().toString().startsWith(subject))
                    .filter(file -> file.getFileName().toString().endsWith("-PSG.edf"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
