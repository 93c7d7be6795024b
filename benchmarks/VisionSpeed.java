import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.eegvlm.vision.engine.LearnerConfig;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.engine.PictureBatch;
import org.eegvlm.vision.engine.VisionEngine;

/**
 * Our half of the benchmark of training backbones: prints one JSON line. Started by {@code vision_speed.sh}.
 *
 * <pre>{@code
 * java -cp CLASS_PATH VisionSpeed.java BACKBONE PIXELS BATCH THREADS STEPS [ENGINE]
 * }</pre>
 *
 * <p>A step is what training takes: pictures from Java's memory, forward, the way back, AdamW; and what encoding takes.
 */
public final class VisionSpeed {

    private VisionSpeed() {}

    public static void main(String[] arguments) throws Exception {
        int pixels = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        System.setProperty("ai.djl.pytorch.num_threads", arguments[3]);
        int steps = Integer.parseInt(arguments[4]);
        var engine = VisionEngine.named(arguments.length > 5 ? arguments[5] : VisionEngine.DEFAULT);
        var config = new LearnerConfig(1, 0.05, 0, "cpu");
        try (var learner = engine.learner(engine.network(arguments[0], pixels), config)) {
            var picture = Picture.DEFAULT.withSize(pixels);
            var pictures = new PictureBatch(new byte[batch * 3 * pixels * pixels], batch, 3, picture);
            new Random(1).nextBytes(pictures.levels());
            var targets = new float[batch * 5];
            for (int i = 0; i < batch; i++) {
                targets[5 * i + i % 5] = 1;
            }
            double step = median(steps, () -> learner.step(pictures, targets, 1e-5));
            double encode = median(steps, () -> learner.apply(pictures));
            System.out.printf(Locale.ROOT, "{\"train\": %.3f, \"encode\": %.3f}%n", batch / step, batch / encode);
        }
    }

    /** Seconds; the first two runs warm up. */
    private static double median(int runs, Runnable work) {
        var seconds = new double[runs];
        for (int i = -2; i < runs; i++) {
            long start = System.nanoTime();
            work.run();
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return seconds[runs / 2];
    }
}
