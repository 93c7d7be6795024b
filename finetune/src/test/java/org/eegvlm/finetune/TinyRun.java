package org.eegvlm.finetune;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.ExecutionConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.TowerCache;
import org.eegvlm.llava.VqaAnswer;
import org.eegvlm.llava.VqaRequest;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.tensor.NpyFile;

/**
 * A LLaVA of a few thousand parameters and sixteen samples for it, in a folder: pictures of noise, and feature rows
 * whose sign tells the stage.
 */
public record TinyRun(Path folder) {

    public static final int SAMPLES = 16;
    public static final int WIDTH = 32;
    private static final int LAYERS = 2;
    public static final String QUESTION = "Which sleep stage is this?";

    public static TinyRun in(Path folder) throws IOException {
        return in(folder, LAYERS);
    }

    public static TinyRun in(Path folder, int layers) throws IOException {
        var run = new TinyRun(folder);
        run.writeBase(1, layers);
        Files.createDirectories(run.images());
        var random = new Random(3);
        for (int i = 0; i < SAMPLES; i++) {
            run.writePicture(i, random);
        }
        run.writeData(run.samples());
        run.writeFeatures(run.ids(), random);
        return run;
    }

    public void writeBase(long seed) throws IOException {
        writeBase(seed, LAYERS);
    }

    private void writeBase(long seed, int layers) throws IOException {
        NanoLlava.create(new NanoConfig(
                base(),
                seed,
                new NanoConfig.Decoder(64, layers, 2, 96, 256),
                new NanoConfig.Tower(WIDTH, 2, 2, 32, 28, 14),
                true));
    }

    public Path base() {
        return folder.resolve("base");
    }

    public Path images() {
        return folder.resolve("images");
    }

    public Path data() {
        return folder.resolve("eeg_ft.json");
    }

    public Path features() {
        return folder.resolve("features.npy");
    }

    public FineTuneConfig config(String output) {
        return FineTuneConfig.of(
                        new RunPaths(base(), data(), images(), Optional.of(features()), folder.resolve(output)))
                .withLora(LoraConfig.DEFAULT.withRank(8, 16))
                .withOptimizer(OptimizerConfig.DEFAULT.withRates(4e-3, 2e-3))
                .withBatch(BatchConfig.ofSteps(8, 60))
                .withExecution(ExecutionConfig.DEFAULT.withSeed(5));
    }

    public FineTuneConfig config(String output, FeatureMode mode, int steps) {
        return config(output)
                .withInput(InputConfig.DEFAULT.withFeatureMode(mode))
                .withBatch(BatchConfig.ofSteps(8, steps));
    }

    /** Trains to the end. */
    public FineTuneReport run(FineTuneConfig config) throws IOException {
        return run(config, Progress.SILENT, () -> false);
    }

    /** Trains until it is asked to stop, after so many steps. */
    FineTuneReport stop(FineTuneConfig config, int after) throws IOException {
        var calls = new AtomicInteger();
        return run(config, Progress.SILENT, () -> calls.getAndIncrement() == after);
    }

    /** Trains so many steps and ends as a killed process does: nothing is tidied up. */
    void kill(FineTuneConfig config, int after) {
        Progress killer = (task, done, total, note) -> {
            if (task.equals("fine-tuning") && done > after) {
                throw new UncheckedIOException(new IOException("killed"));
            }
        };
        assertThatThrownBy(() -> run(config, killer, () -> false)).hasMessageContaining("killed");
    }

    private FineTuneReport run(FineTuneConfig config, Progress progress, BooleanSupplier stop) throws IOException {
        var cache = new TowerCache(folder.resolve("tower-cache"), 1 << 20);
        var surroundings =
                Surroundings.of(progress).withTowerCache(Optional.of(cache)).withStop(stop);
        return new FineTuneRunner(config, surroundings).run();
    }

    /** What the model in a folder says to all samples' questions. */
    List<String> answers(String model) throws IOException {
        var rows = FeatureRows.read(features(), WIDTH);
        var picture = RgbImage.read(images().resolve("0.png"));
        try (var opened = LlavaModel.open(folder.resolve(model), Optional.empty(), LoadOptions.on("cpu"))) {
            var requests = ids().stream()
                    .map(id -> new VqaRequest(id, List.of(picture, picture), Optional.of(rows.row(id)), QUESTION))
                    .toList();
            return opened.answer(requests, new AnswerOptions(Conversation.V1, FeatureMode.FUSE, 40)).stream()
                    .map(VqaAnswer::text)
                    .toList();
        }
    }

    public List<String> ids() {
        return samples().stream().map(InstructionSample::id).toList();
    }

    public List<InstructionSample> samples() {
        var samples = new ArrayList<InstructionSample>();
        for (int i = 0; i < SAMPLES; i++) {
            samples.add(sample(i, List.of(i + ".png", i + ".png"), answer(i)));
        }
        return samples;
    }

    public static InstructionSample sample(int i, List<String> images, String answer) {
        return new InstructionSample(
                "SIM4011-%04d".formatted(i),
                images,
                List.of(new Turn(Turn.HUMAN, "<image>\n<image>\n" + QUESTION), new Turn(Turn.GPT, answer)),
                Optional.of("SIM401"),
                true);
    }

    public void writeData(List<InstructionSample> samples) throws IOException {
        Json.write(data(), samples);
    }

    public void writeFeatures(List<String> ids, Random random) throws IOException {
        writeRows(features(), ids, random);
    }

    public void writeRows(Path npy, List<String> ids) throws IOException {
        writeRows(npy, ids, new Random(4));
    }

    private static void writeRows(Path npy, List<String> ids, Random random) throws IOException {
        var rows = new float[ids.size() * WIDTH];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) ((isWake(i / WIDTH) ? 1 : -1) + 0.3 * random.nextGaussian());
        }
        NpyFile.write(npy, new long[] {ids.size(), 1, WIDTH}, rows);
        var standardization = new FeatureSidecar.Standardization(new float[WIDTH], new float[WIDTH]);
        Json.write(
                FeatureSidecar.beside(npy),
                new FeatureSidecar(ids, "an-encoder", "a-spec", List.of("SIM402"), standardization));
    }

    /** Takes the base's eyes: a plain Llama remains. */
    public void blind() throws IOException {
        var file = base().resolve("config.json");
        var config = (ObjectNode) Json.readTree(file);
        config.remove("mm_vision_tower");
        config.put("model_type", "llama");
        Json.write(file, config);
    }

    /** EEG2LLM's samples, one a line. */
    public void writeText() throws IOException {
        var lines = new ArrayList<Map<String, String>>();
        for (int i = 0; i < SAMPLES; i++) {
            lines.add(Map.of("instruction", "Which stage?", "input", isWake(i) ? "+1" : "-1", "output", answer(i)));
        }
        Json.writeLines(data(), lines);
    }

    /** SHA-256 of every file below a folder, by its relative path; TensorBoard's tell the time of day. */
    public static Map<String, String> hashes(Path root) throws IOException {
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

    private static boolean isWake(int sample) {
        return sample % 2 == 0;
    }

    private static String answer(int sample) {
        return "The stage is %s. Delta %d %%.".formatted(isWake(sample) ? "Wake" : "N2", 20 + sample);
    }

    private void writePicture(int number, Random random) throws IOException {
        var image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 28 * 28; pixel++) {
            image.setRGB(pixel % 28, pixel / 28, random.nextInt(1 << 24));
        }
        ImageIO.write(image, "png", images().resolve(number + ".png").toFile());
    }
}
