import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.PrecisionConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.finetune.config.ScheduleConfig;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.finetune.step.Trainee;
import org.eegvlm.finetune.step.TrainingPictures;
import org.eegvlm.finetune.step.TrainingStep;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.TokenizedSample;

/**
 * Our half of the benchmark of a LoRA step: prints one JSON line. Started by {@code finetune_speed.sh}.
 *
 * <pre>{@code
 * java -cp CLASS_PATH LoraStepSpeed.java FOLDER fp32|bf16 THREADS SUPERVISED keep|checkpoint
 * }</pre>
 *
 * <p>SUPERVISED: how many tokens at the end of each sequence have labels. The steps are {@code eegvlm finetune}'s own.
 * {@code peer_lora.py} has the same numbers.
 */
public final class LoraStepSpeed {

    private static final int BATCH = 4;
    private static final int LENGTH = 256;
    private static final int STEPS = 5;
    private static final List<Integer> ALL = IntStream.range(0, BATCH).boxed().toList();

    public static void main(String[] args) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", args[2]);
        var folder = Path.of(args[0]);
        var config = config(folder, new PrecisionConfig(LoadOptions.type(args[1]), false, args[4].equals("checkpoint")));
        var options = LoadOptions.on("cpu").withType(config.precision().type());
        try (var model = LlavaModel.open(folder, Optional.empty(), options);
                var trainee = Trainee.of(List.of(model), config, Optional.empty())) {
            var data = data(model.decoder().config().vocabularySize(), Integer.parseInt(args[3]));
            var pictures = new TrainingPictures(model, config.paths().samples().images());
            var step = TrainingStep.of(config, STEPS + 1, trainee, data, List.of(pictures));
            double first = step.take(0, List.of(ALL)).loss(); // warm-up
            var rates = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                long start = System.nanoTime();
                long tokens = step.take(i + 1, List.of(ALL)).tokens();
                rates[i] = tokens / ((System.nanoTime() - start) / 1e9);
            }
            Arrays.sort(rates);
            System.out.printf(
                    Locale.ROOT,
                    "{\"rate\": %.2f, \"parameters\": %d, \"loss\": %.5f, \"peak_bytes\": %d}%n",
                    rates[STEPS / 2],
                    trainee.parameterCount(),
                    first,
                    peakBytes());
        }
    }

    /** Its paths but the model's are neither read nor written. */
    private static FineTuneConfig config(Path model, PrecisionConfig precision) {
        var none = model.resolveSibling("none");
        var constant = new ScheduleConfig(Decay.CONSTANT, 0, 0);
        return FineTuneConfig.of(new RunPaths(model, none, none, Optional.of(none), model.resolveSibling("output")))
                .withInput(InputConfig.DEFAULT.withFeatureMode(FeatureMode.OFF))
                .withLora(new LoraConfig(16, 32, 0.05, EnumSet.allOf(Projection.class)))
                .withOptimizer(OptimizerConfig.DEFAULT.withRates(1e-4, 0).withSchedule(constant))
                .withBatch(BatchConfig.ofSteps(BATCH, STEPS + 1))
                .withPrecision(precision);
    }

    /** Random text. */
    private static TrainingData data(int words, int supervised) {
        var random = new Random(1);
        var samples = new ArrayList<InstructionSample>();
        var tokens = new ArrayList<TokenizedSample>();
        for (int i : ALL) {
            var id = Integer.toString(i);
            var ids = random.ints(LENGTH, 3, words - 3).toArray();
            var labels = ids.clone();
            Arrays.fill(labels, 0, LENGTH - supervised, TokenizedSample.IGNORED);
            samples.add(new InstructionSample(id, List.of(), List.of(), Optional.empty(), true));
            tokens.add(new TokenizedSample(id, ids, labels));
        }
        var limits = new TrainingData.Limits(0, 0, LENGTH, LENGTH);
        return new TrainingData(samples, tokens, Optional.empty(), limits, FeatureMode.OFF);
    }

    private static long peakBytes() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            var line = lines.filter(text -> text.startsWith("VmHWM:")).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }
}
