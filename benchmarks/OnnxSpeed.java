import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.eegvlm.core.io.Json;
import org.eegvlm.tensor.SafetensorsWriter;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionCard;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.NetworkConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.StageEncoder;
import org.eegvlm.vision.engine.VisionEngine;
import org.eegvlm.vision.onnx.OnnxExport;
import org.eegvlm.vision.render.RenderSpec;

/** Pictures a second of a backbone in DJL and in ONNX Runtime, in turns: BACKBONE SIZE BATCH ROUNDS. */
final class OnnxSpeed {

    private static final int WARM_UP = 3;
    private static final int TURNS = 5;

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        int size = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        var network = VisionEngine.named("djl").network(arguments[0], size);
        var folder = model(network);
        double difference = OnnxExport.run(folder, network, false);
        var picture = Picture.DEFAULT.withSize(size);
        var pictures = new PictureBatch(new byte[batch * 3 * size * size], batch, 3, picture);
        new Random(0).nextBytes(pictures.levels());
        var djl = new double[TURNS];
        var onnx = new double[TURNS];
        try (var first = VisionEngine.named("djl").open(folder, network, "cpu");
                var second = VisionEngine.named("onnx").open(folder, network, "cpu")) {
            for (int turn = 0; turn < TURNS; turn++) {
                djl[turn] = picturesPerSecond(first, pictures, rounds);
                onnx[turn] = picturesPerSecond(second, pictures, rounds);
            }
        }
        System.out.printf(
                "%-14s %d² batch %d: DJL %.1f, ONNX Runtime %.1f pictures/s, ratio %.2f; difference %.0e%n",
                arguments[0], size, batch, median(djl), median(onnx), median(onnx) / median(djl), difference);
        Runtime.getRuntime().halt(0);
    }

    private static double picturesPerSecond(StageEncoder encoder, PictureBatch pictures, int rounds) {
        for (int i = 0; i < WARM_UP; i++) {
            encoder.apply(pictures);
        }
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            encoder.apply(pictures);
        }
        return pictures.count() * rounds / ((System.nanoTime() - start) / 1e9);
    }

    private static Path model(NetworkConfig network) throws IOException {
        var folder = Files.createTempDirectory("onnx-speed");
        try (var learner = VisionEngine.named("djl").learner(network, LearnerConfig.of(0))) {
            SafetensorsWriter.write(folder.resolve(VisionEngine.WEIGHTS), learner.weights(), Map.of());
        }
        var spec = RenderSpec.DEFAULT;
        var picture = Picture.DEFAULT.withSize(network.inputSize());
        Json.write(
                folder.resolve("config.json"),
                new VisionCard(
                        network, picture, Schedule.DEFAULT, 0, spec, spec.sha256(), "none", List.of(), List.of(), true, Optional.empty(), Optional.empty()));
        return folder;
    }

    private static double median(double... values) {
        return DoubleStream.of(values).sorted().toArray()[values.length / 2];
    }
}
