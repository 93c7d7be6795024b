package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eegvlm.core.io.Sha256;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every step, killed once with {@code kill -9} while it works, and started again. */
@Tag("recipe")
class KilledDemoTest {

    /** Long enough for a step to have begun, short enough for it not to have ended. */
    private static final long[] MILLISECONDS_INTO_A_STEP = {20, 150, 60, 400};

    /** The others may be over before the signal comes. */
    private static final String[] LONG_STEPS = {
        "simulate", "render", "train-vision", "export-features", "finetune", "model-vqa"
    };

    @TempDir
    private Path folder;

    @Test
    void endsInTheSameFilesAsIfNobodyHadKilledIt() throws IOException, InterruptedException {
        var out = folder.resolve("demo");
        run(out, new LinkedHashSet<>(), false);
        var undisturbed = hashes(out);
        Files.move(out, folder.resolve("undisturbed"));

        var killed = new LinkedHashSet<String>();
        boolean again = true;
        while (again) {
            again = run(out, killed, true);
        }

        assertThat(killed).contains(LONG_STEPS);
        assertThat(different(hashes(out), undisturbed)).isEmpty();
    }

    /**
     * Starts the demo.
     *
     * @param seen steps that began; if it is to be killed, then in the first step that is new
     * @return whether it was killed
     */
    private static boolean run(Path out, Set<String> seen, boolean kill) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                java, "-Xmx1g", "-cp", System.getProperty("java.class.path"), TinyDemo.class.getName(), out.toString());
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        var errors = out.resolveSibling("errors.log");
        var process = builder.redirectError(errors.toFile()).start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (var step = lines.readLine(); step != null; step = lines.readLine()) {
                if (seen.add(step) && kill) {
                    Thread.sleep(MILLISECONDS_INTO_A_STEP[seen.size() % MILLISECONDS_INTO_A_STEP.length]);
                    process.destroyForcibly().waitFor();
                    return true;
                }
            }
        }
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return false;
    }

    /** Files that only one has, or that differ: all of them together would fill a screen. */
    private static Set<String> different(Map<String, String> some, Map<String, String> others) {
        var names = new TreeSet<>(some.keySet());
        names.addAll(others.keySet());
        names.removeIf(name -> Objects.equals(some.get(name), others.get(name)));
        return names;
    }

    /** TensorBoard's files tell the time of day. */
    private static Map<String, String> hashes(Path root) throws IOException {
        var hashes = new TreeMap<String, String>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains(".tfevents."))
                    .toList()) {
                hashes.put(root.relativize(file).toString(), Sha256.of(file));
            }
        }
        return hashes;
    }
}
