package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.Progress;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.SavingConfig;
import org.eegvlm.llama.LoraConfig;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a run by force, every second time within a save, and lets it come to its end: three times, or as often as the
 * system property {@code eegvlm.kills} says.
 */
class KilledRunTest extends OnTinyRun {

    private static final Logger LOG = LoggerFactory.getLogger(KilledRunTest.class);

    private static final int KILLS = Integer.getInteger("eegvlm.kills", 3);
    private static final int STEPS_BETWEEN_SAVES = 2;

    /** Every second process comes one save further before it is killed; the last one ends undisturbed. */
    private static final int STEPS = KILLS + 2 * STEPS_BETWEEN_SAVES;

    /** So large that saving takes long enough to be hit. */
    private static final int RANK = 4096;

    @Test
    void endsInTheSameBytesHoweverOftenItIsKilled() throws Exception {
        tiny.run(config(tiny));
        var whole = TinyRun.hashes(out());
        Files.move(out(), folder.resolve("undisturbed"));

        var chance = new Random(1);
        int withinSaves = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            withinSaves += kill % 2 == 0 ? killWithinASave(chance) : killWithinAStep(chance);
        }

        assertThat(withinSaves).as("kills within a save").isEqualTo((KILLS + 1) / 2);
        assertThat(ModelFolder.isAdapter(out())).isFalse();
        tiny.run(config(tiny));
        assertThat(TinyRun.hashes(out())).isEqualTo(whole);
    }

    /** Runs in a process of its own; says when a step is done. */
    public static void main(String[] arguments) throws IOException {
        Progress steps = (task, done, total, note) -> {
            if (task.equals("fine-tuning")) {
                System.out.println(done);
                System.out.flush();
            }
        };
        new FineTuneRunner(config(new TinyRun(Path.of(arguments[0]))), steps).run();
    }

    private static FineTuneConfig config(TinyRun tiny) {
        return tiny.config("out")
                .withLora(LoraConfig.DEFAULT.withRank(RANK, 2.0 * RANK).withDropout(0.05))
                .withBatch(BatchConfig.ofSteps(2, STEPS))
                .withSaving(SavingConfig.DEFAULT.withInterval(Interval.ofSteps(STEPS_BETWEEN_SAVES)));
    }

    private Path out() {
        return folder.resolve("out");
    }

    /** Waits for the folder of an unfinished checkpoint; it is still there when the process is dead. */
    private int killWithinASave(Random chance) throws IOException, InterruptedException {
        var unfinished = out().resolve("checkpoint.tmp");
        var left = key(unfinished);
        var process = start();
        var fresh = key(unfinished);
        while (fresh.isEmpty() || fresh.equals(left)) {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("errors")))
                    .isTrue();
            Thread.sleep(1);
            fresh = key(unfinished);
        }
        Thread.sleep(chance.nextInt(100));
        process.destroyForcibly().waitFor();
        boolean hit = key(unfinished).equals(fresh);
        LOG.info("killed within a save: {}, {} files were begun", hit, hit ? count(unfinished) : 0);
        return hit ? 1 : 0;
    }

    /** Some moment in the second step after a save. */
    private int killWithinAStep(Random chance) throws IOException, InterruptedException {
        var process = start();
        try (BufferedReader lines = process.inputReader()) {
            lines.readLine();
            lines.readLine();
            var done = lines.readLine();
            assertThat(done).as(Files.readString(folder.resolve("errors"))).isNotNull();
            Thread.sleep(chance.nextInt(20));
            process.destroyForcibly().waitFor();
            LOG.info("killed after step {}", done);
        }
        return 0;
    }

    private Process start() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Deegvlm.kills=" + KILLS, // as many steps as here
                        "-cp",
                        System.getProperty("java.class.path"),
                        getClass().getName(),
                        folder.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    /** Which folder it is, as long as there is one. */
    private static Optional<Object> key(Path path) throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static long count(Path path) throws IOException {
        try (var files = Files.list(path)) {
            return files.count();
        }
    }
}
