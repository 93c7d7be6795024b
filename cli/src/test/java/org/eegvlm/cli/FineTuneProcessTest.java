package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: what a signal does to it, and short memory, and a full disk. */
@Tag("recipe")
class FineTuneProcessTest {

    /** The gradients take 130 MB: more than is left of a limit, and than the JVM wants for itself. */
    private static final int RANK = 16_384;

    private static final long SPARE_BYTES = 64L << 20;
    private static final int STEPS = 4;

    @TempDir
    private Path folder;

    private Path out;

    @BeforeEach
    void make() throws IOException {
        assumeThat(Path.of("/usr/bin/prlimit")).exists();
        out = folder.resolve("out");
        var tower = new NanoConfig.Tower(32, 2, 2, 32, 28, 14);
        NanoLlava.create(
                new NanoConfig(folder.resolve("base"), 1, new NanoConfig.Decoder(64, 2, 2, 96, 256), tower, true));
        ImageIO.write(
                new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("a.png").toFile());
        var turns = List.of(new Turn(Turn.HUMAN, "<image>\nWhich stage?"), new Turn(Turn.GPT, "The stage is N2."));
        Json.write(
                folder.resolve("eeg_ft.json"),
                Collections.nCopies(4, new InstructionSample("a", List.of("a.png"), turns, Optional.empty(), true)));
    }

    @Test
    void savesOnASignalAndNamesItsLastCheckpointWhereItCannotGoOn() throws Exception {
        var stopped = start();
        await(stopped, () -> Files.exists(out.resolve("loss.jsonl")) && Files.size(out.resolve("loss.jsonl")) > 0);
        stopped.destroy();
        assertThat(stopped.waitFor()).as(errors()).isZero();
        assertThat(output()).contains("stopped after step ", "the same command goes on from there");
        assertThat(checkpoints()).hasSize(1);
        var newest = checkpoints().get(0);

        var shortOfMemory = start();
        await(shortOfMemory, () -> eventFiles() == 2);
        limit(shortOfMemory, "--as", addressSpace(shortOfMemory) + SPARE_BYTES);
        assertThat(shortOfMemory.waitFor()).as(errors()).isEqualTo(ExitCode.FAILED);
        assertThat(errors())
                .contains(
                        "eegvlm: out of memory in step ",
                        "--per_device_train_batch_size",
                        out.resolve(newest).toString());

        var shortOfDisk = start();
        await(shortOfDisk, () -> eventFiles() == 3);
        limit(shortOfDisk, "--fsize", 1 << 20);
        assertThat(shortOfDisk.waitFor()).as(errors()).isEqualTo(ExitCode.FAILED);
        assertThat(errors()).contains("could not be saved: File too large; the same command goes on from " + newest);
        assertThat(checkpoints()).containsExactly(newest);

        assertThat(start().waitFor()).as(errors()).isZero();
        assertThat(output()).contains("adapter in " + out);
    }

    private Process start() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx768m", "-cp", System.getProperty("java.class.path"), EegVlm.class.getName()));
        command.addAll(List.of("finetune", "--feature_mode", "off", "--tower_cache_gib", "0"));
        command.addAll(List.of("--model_name_or_path", folder.resolve("base").toString()));
        command.addAll(List.of("--data_path", folder.resolve("eeg_ft.json").toString()));
        command.addAll(List.of("--image_folder", folder.toString(), "--output_dir", out.toString()));
        command.addAll(List.of("--lora_r", "" + RANK, "--lora_alpha", "" + RANK, "--max_steps", "" + STEPS));
        command.addAll(List.of("--save_steps", "1000", "--per_device_train_batch_size", "1"));
        var builder = new ProcessBuilder(command);
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        return builder.redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("out.txt").toFile())
                .start();
    }

    private void await(Process process, Callable<Boolean> moment) throws Exception {
        while (!moment.call()) {
            assertThat(process.isAlive()).as(errors()).isTrue();
            Thread.sleep(1);
        }
    }

    private static void limit(Process process, String what, long bytes) throws IOException, InterruptedException {
        var set = new ProcessBuilder("/usr/bin/prlimit", "--pid", "" + process.pid(), what + "=" + bytes).start();
        assertThat(set.waitFor()).isZero();
    }

    private static long addressSpace(Process process) throws IOException {
        var pages =
                Files.readString(Path.of("/proc/" + process.pid() + "/statm")).split(" ")[0];
        return Long.parseLong(pages) * 4096;
    }

    private long eventFiles() throws IOException {
        try (var files = Files.list(out.resolve("runs"))) {
            return files.count();
        }
    }

    private List<String> checkpoints() throws IOException {
        try (var files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("checkpoint-"))
                    .toList();
        }
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("out.txt"));
    }

    private String errors() throws IOException {
        return Files.readString(folder.resolve("err"));
    }
}
