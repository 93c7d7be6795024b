package org.eegvlm.vision.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eegvlm.vision.VisionCard;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * By how much a process grows, at its fullest, that opens a network and has pictures go through it: measured on Linux, in a
 * process of its own, whose Java heap has its full size from the start.
 */
public final class MemoryPeak {

    private static final String TRAINING = "training";
    private static final String ENCODING = "encoding";

    /** Deeplearning4j's arrays wait to be collected: it takes more until then. */
    private static final int RUNS = 3;

    private MemoryPeak() {}

    /** With a moving average, each step in two parts of so many pictures: all that a training may hold. */
    public static long ofTraining(String engine, String backbone, int pixels, int pictures) {
        return measured(TRAINING, engine, backbone, "" + pixels, "" + pictures);
    }

    public static long ofEncoding(String engine, Path model, int pictures) {
        return measured(ENCODING, engine, model.toString(), "" + pictures);
    }

    private static long measured(String... arguments) {
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
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        try {
            var process = builder.start();
            var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isZero();
            return Long.parseLong(told.strip());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process that grows; prints by how many bytes. */
    public static void main(String[] arguments) throws IOException {
        var engine = VisionEngine.named(arguments[1]);
        engine.usualThreads(); // what is at hand is asked after it
        long before = bytes("VmRSS:");
        if (arguments[0].equals(TRAINING)) {
            train(engine, engine.network(arguments[2], Integer.parseInt(arguments[3])), Integer.parseInt(arguments[4]));
        } else {
            encode(engine, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
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

    private static void encode(VisionEngine engine, Path model, int pictures) throws IOException {
        var network = VisionCard.in(model).network();
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
