package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eegvlm.core.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledRunTest {

    private static final int STEPS = 9;

    @TempDir
    Path folder;

    @Test
    void endsInTheSameBytesAfterBeingKilledByForce() throws Exception {
        var tiny = TinyRun.in(folder);
        run(config(tiny));
        var whole = TinyRun.hashes(folder.resolve("out"));
        var aside = folder.resolve("aside");
        Files.move(folder.resolve("out"), aside);

        var process = start();
        process.inputReader().readLine(); // the sixth step is done
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);

        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(folder.resolve("out.partial")).isDirectory();
        run(config(tiny));
        assertThat(TinyRun.hashes(folder.resolve("out"))).isEqualTo(whole);
    }

    /** Steps in a process of its own; says so after the sixth and then waits for its end. */
    public static void main(String[] arguments) throws IOException {
        var config = config(new TinyRun(Path.of(arguments[0])));
        new FineTuneRunner(config, (task, done, total, note) -> {
                    if (task.equals("fine-tuning") && done == 6) {
                        System.out.println("killable");
                        System.out.flush();
                        sleep();
                    }
                })
                .run();
    }

    private static FineTuneConfig config(TinyRun tiny) {
        return tiny.config("out")
                .withBatch(BatchConfig.ofSteps(8, STEPS))
                .withExecution(ExecutionConfig.DEFAULT.withSeed(5))
                .withSaving(SavingConfig.DEFAULT.withInterval(Interval.ofSteps(4)));
    }

    private static void run(FineTuneConfig config) throws IOException {
        new FineTuneRunner(config, Progress.SILENT).run();
    }

    private Process start() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        getClass().getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
