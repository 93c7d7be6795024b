package org.eegvlm.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.vision.Execution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export in a process of its own, killed with {@code kill -9} again and again, and started again. */
@Tag("recipe")
class KilledExportTest {

    /** Small, so that there are moments to be killed in. */
    private static final int BATCH = 8;

    /** After how many batches each start is killed: within the first file of 12 batches, and within the second. */
    private static final List<Integer> KILLS = List.of(5, 9);

    @TempDir
    Path folder;

    @Test
    void goesOnToTheSameBytesWheneverItIsKilled() throws IOException, InterruptedException {
        var cohort = Cohort.simulatedIn(folder);
        var vision = cohort.visionModel("vision", cohort.subjects(Split.TRAIN), Cohort.SPEC.sha256());
        var undisturbed = folder.resolve("undisturbed");
        Export.run(cohort.manifestFile(), vision, undisturbed, Progress.SILENT);
        var out = folder.resolve("killed");

        for (int batches : KILLS) {
            start(cohort.manifestFile(), vision, out, batches);
            assertThat(out.resolve("features.plan")).exists();
        }
        start(cohort.manifestFile(), vision, out, Integer.MAX_VALUE);

        for (var name : List.of(FeatureExport.TRAIN_FEATURES, FeatureExport.EVAL_FEATURES)) {
            assertThat(out.resolve(name)).hasSameBinaryContentAs(undisturbed.resolve(name));
            assertThat(FeatureSidecar.beside(out.resolve(name)))
                    .hasSameBinaryContentAs(FeatureSidecar.beside(undisturbed.resolve(name)));
        }
        assertThat(out)
                .isDirectoryNotContaining(
                        file -> !String.valueOf(file.getFileName()).matches(".*\\.(npy|json)"));
    }

    /** @param batches how many are written before the process is killed; it ends by itself if there are not so many */
    private static void start(Path manifest, Path vision, Path out, int batches)
            throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                java,
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1", // starts sooner
                "-cp",
                System.getProperty("java.class.path"),
                Export.class.getName(),
                manifest.toString(),
                vision.toString(),
                out.toString());
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        var errors = Files.createTempFile(manifest.resolveSibling(""), "errors", ".log");
        var process = builder.redirectError(errors.toFile()).start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            while (lines.readLine() != null) {
                if (++seen == batches) {
                    process.destroyForcibly().waitFor();
                    return;
                }
            }
        }
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    }

    /** The program that is killed. */
    static final class Export {

        private Export() {}

        public static void main(String[] paths) throws IOException {
            run(Path.of(paths[0]), Path.of(paths[1]), Path.of(paths[2]), (task, done, total, note) -> {
                System.out.println(done);
                System.out.flush();
            });
        }

        static void run(Path manifest, Path vision, Path out, Progress progress) throws IOException {
            var execution = new Execution("djl", "cpu", Optional.of(BATCH), Optional.empty());
            new FeatureExport(new ExportConfig(manifest, vision, out).withExecution(execution), progress).run();
        }
    }
}
