package org.eegvlm.finetune.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.finetune.TinyRun;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory runs out while the optimisers of a trainee are made, in a process of its own. */
class TraineeMemoryTest {

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    private static final int HIDDEN = 1536;

    /** What the projector's second matrix takes, as does each of its moments. */
    private static final long MATRIX_BYTES = 4L * HIDDEN * HIDDEN;

    /** Enough for LoRA's moments, and for what the JVM wants for itself. */
    private static final long SPARE_BYTES = 4 << 20;

    @TempDir
    private Path folder;

    @Test
    void leavesNothingBehindWhereALaterOptimiserFindsNoMemory() throws Exception {
        assumeThat(PRLIMIT).exists();
        NanoLlava.create(new NanoConfig(
                new TinyRun(folder).base(),
                1,
                new NanoConfig.Decoder(HIDDEN, 1, 12, 96, 64),
                new NanoConfig.Tower(32, 2, 2, 32, 28, 14),
                true));

        var process = start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("output")))
                .satisfiesExactly(
                        failure -> assertThat(failure).contains("allocate " + MATRIX_BYTES + " bytes"),
                        left -> assertThat(left).isEqualTo("0 moments, 0 of the adapter's tensors"));
    }

    private Process start() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // a compiler that asks for less memory itself
                "-cp",
                System.getProperty("java.class.path"),
                getClass().getName(),
                folder.toString());
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("MALLOC_ARENA_MAX", "1"); // a thread's own takes 64 MB of addresses
        // What a tensor takes is the system's, and goes back to it: no heap of glibc's has room left.
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        return builder.redirectError(folder.resolve("errors").toFile())
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    /** Tells how making a trainee failed, and what of it is still open. */
    public static void main(String[] arguments) throws Exception {
        var tiny = new TinyRun(Path.of(arguments[0]));
        var config = tiny.config("out").withLora(LoraConfig.DEFAULT.withRank(1, 1));
        try (var model = LlavaModel.open(tiny.base(), Optional.empty(), LoadOptions.on("cpu"));
                var adapter = LoraAdapter.fresh(config.lora(), model.decoder(), 1)) {
            var moments = managerOfMoments(adapter);
            int before = moments.getManagedArrays().size();
            limitAddressSpace();
            try (var made = Trainee.made(List.of(model), config, any -> adapter)) {
                System.out.println("made " + made.parameterCount());
            } catch (RuntimeException e) {
                System.out.println(String.valueOf(e.getMessage()).lines().findFirst());
            }
            System.out.printf(
                    "%d moments, %d of the adapter's tensors%n",
                    moments.getManagedArrays().size() - before,
                    adapter.parameters().stream()
                            .filter(TraineeMemoryTest::isOpen)
                            .count());
        }
    }

    private static NDManager managerOfMoments(LoraAdapter adapter) {
        try (var optimizer = new AdamW(adapter.parameters(), AdamWConfig.DEFAULT)) {
            return optimizer.firstMoments().get(0).getManager();
        }
    }

    private static boolean isOpen(NDArray tensor) {
        try {
            tensor.toFloatArray();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void limitAddressSpace() throws IOException, InterruptedException {
        prlimit("--noheadings"); // whatever starting a process takes is taken now
        long kilobytes = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmSize:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        prlimit("--as=" + (1024 * kilobytes + SPARE_BYTES));
    }

    private static void prlimit(String limit) throws IOException, InterruptedException {
        var self = String.valueOf(ProcessHandle.current().pid());
        var set = new ProcessBuilder(PRLIMIT.toString(), "--pid", self, limit).start();
        assertThat(set.waitFor()).isZero();
    }
}
