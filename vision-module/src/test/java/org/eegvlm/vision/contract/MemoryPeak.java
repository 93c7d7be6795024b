package org.eegvlm.vision.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.MemoryNeed;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * By how much a process grows, at its fullest, that opens a network and has pictures go through it: measured on Linux with
 * few and with many pictures, each time in a process of its own, whose Java heap has its full size from the start.
 */
public final class MemoryPeak {

    private static final String TRAINING = "training";
    private static final String ENCODING = "encoding";
    private static final int FEW = 8;
    private static final int MANY = 48;
    private static final long SECONDS = 120;

    /** Deeplearning4j's arrays wait to be collected: it takes more until then. */
    private static final int RUNS = 3;

    private MemoryPeak() {}

    /** @param folder of a model */
    public static MemoryNeed ofEncoding(String engine, String backbone, int pixels, Path folder) {
        return measured(ENCODING, engine, backbone, pixels, folder);
    }

    /**
     * Repeated, a picture's share came out within a sixth of what was foretold: glibc keeps now more, now less of what was
     * freed. A third is twice that, and finds a share that is foretold half or double. The rest differs by what a library
     * takes for itself.
     */
    public static void assertForetold(MemoryNeed taken, MemoryNeed foretold) {
        assertThat(taken.picture()).isCloseTo(foretold.picture(), withinPercentage(33));
        assertThat(taken.fixed()).isCloseTo(foretold.fixed(), within(100L << 20));
    }

    /**
     * Holds what an engine foretells of training beside what it takes: with a moving average, each step in two parts, all that
     * a training may hold.
     */
    public static void assertTrainingForetold(VisionEngine engine, String backbone, int pixels, Path folder) {
        var taken = measured(TRAINING, engine.name(), backbone, pixels, folder);

        assertForetold(taken, engine.trainingNeed(engine.network(backbone, pixels)));
    }

    /** The same of encoding, of an engine that can write what it encodes with. */
    public static void assertEncodingForetold(VisionEngine engine, String backbone, int pixels, Path folder)
            throws IOException {
        var network = engine.network(backbone, pixels);
        writeWeights(engine, network, folder);

        var taken = ofEncoding(engine.name(), backbone, pixels, folder);

        assertForetold(taken, engine.encodingNeed(folder, network));
    }

    /** Weights that have learnt nothing. */
    public static void writeWeights(VisionEngine engine, NetworkConfig network, Path folder) throws IOException {
        try (var learner = engine.learner(network, LearnerConfig.of(1))) {
            SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), learner.weights(), Map.of());
        }
    }

    private static MemoryNeed measured(String what, String engine, String backbone, int pixels, Path folder) {
        long few = grown(what, engine, backbone, "" + pixels, folder.toString(), "" + FEW);
        long many = grown(what, engine, backbone, "" + pixels, folder.toString(), "" + MANY);
        long picture = (many - few) / (MANY - FEW);
        return new MemoryNeed(few - FEW * picture, picture);
    }

    private static long grown(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryPeak.class.getName()));
        command.addAll(List.of(arguments));
        try {
            var told = Files.createTempFile("peak", ".txt");
            try {
                run(command, told);
                var lines = Files.readAllLines(told);
                return Long.parseLong(lines.get(lines.size() - 1));
            } finally {
                Files.delete(told);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(List<String> command, Path told) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .redirectOutput(told.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        builder.environment().put("MALLOC_ARENA_MAX", "2"); // else each thread may keep some of its own
        var process = builder.start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The process that grows; prints by how many bytes. */
    public static void main(String[] arguments) throws IOException {
        var network = VisionEngine.named(VisionEngine.DEFAULT).network(arguments[2], Integer.parseInt(arguments[3]));
        var engine = VisionEngine.named(arguments[1]);
        engine.usualThreads(); // what is at hand is asked after it
        engine.useThreads(2);
        long before = bytes("VmRSS:");
        int pictures = Integer.parseInt(arguments[5]);
        if (arguments[0].equals(TRAINING)) {
            train(engine, network, pictures);
        } else {
            encode(engine, Path.of(arguments[4]), network, pictures);
        }
        System.out.println(bytes("VmHWM:") - before);
    }

    private static void train(VisionEngine engine, NetworkConfig network, int pictures) {
        var given = pictures(network, 2 * pictures);
        var targets = new float[2 * pictures * 5];
        for (int i = 0; i < targets.length; i += 5) {
            targets[i + i / 5 % 5] = 1;
        }
        try (var learner = engine.learner(network, new LearnerConfig(1, 0.05, 0.9, "cpu", pictures))) {
            for (int step = 0; step < RUNS; step++) {
                learner.step(given, targets, 1e-5);
            }
        }
    }

    private static void encode(VisionEngine engine, Path model, NetworkConfig network, int pictures)
            throws IOException {
        var given = pictures(network, pictures);
        try (var encoder = engine.open(model, network, "cpu")) {
            for (int run = 0; run < RUNS; run++) {
                encoder.apply(given);
            }
        }
    }

    private static PictureBatch pictures(NetworkConfig network, int count) {
        int side = network.inputSize();
        var pictures = new PictureBatch(new byte[count * side * side], count, 1, Picture.DEFAULT.withSize(side));
        new Random(1).nextBytes(pictures.levels());
        return pictures;
    }

    private static long bytes(String word) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(word))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
