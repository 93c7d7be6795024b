import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.kernels.AdamW;
import org.eegvlm.kernels.AdamWConfig;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.llama.LayerOutput;
import org.eegvlm.llama.LlamaDecoder;
import org.eegvlm.llama.LlamaModel;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llama.Projection;
import org.eegvlm.llama.TrainingPass;

/**
 * Our half of the benchmark of a LoRA step: prints one JSON line. Started by {@code finetune_speed.sh}.
 *
 * <pre>{@code
 * java -cp CLASS_PATH LoraStepSpeed.java FOLDER fp32|bf16 THREADS SUPERVISED keep|checkpoint
 * }</pre>
 *
 * <p>SUPERVISED: how many positions at the end of each sequence have labels. A step is what the training loop takes:
 * forward, loss, the way back, clipping, AdamW. {@code peer_lora.py} has the same numbers.
 */
public final class LoraStepSpeed {

    private static final int BATCH = 4;
    private static final int LENGTH = 256;
    private static final int STEPS = 5;
    private static final LoraConfig LORA = new LoraConfig(16, 32, 0.05, EnumSet.allOf(Projection.class));

    private final LlamaDecoder decoder;
    private final LoraAdapter adapter;
    private final AdamW optimizer;
    private final boolean checkpointing;
    private final int[][] ids;
    private final int[][] labels;

    private LoraStepSpeed(LlamaDecoder decoder, LoraAdapter adapter, int supervised, boolean checkpointing) {
        this.decoder = decoder;
        this.adapter = adapter;
        this.optimizer = new AdamW(adapter.parameters(), AdamWConfig.DEFAULT);
        this.checkpointing = checkpointing;
        int words = decoder.config().vocabularySize();
        ids = new int[][] {new Random(1).ints(BATCH * LENGTH, 3, words - 3).toArray()};
        labels = new int[1][BATCH * LENGTH];
        Arrays.setAll(labels[0], i -> {
            int position = i % LENGTH;
            boolean learnt = position < LENGTH - 1 && position >= LENGTH - 1 - supervised;
            return learnt ? ids[0][i + 1] : LlamaDecoder.IGNORED;
        });
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", args[2]);
        var options = LoadOptions.on("cpu").withType(LoadOptions.type(args[1]));
        try (var model = LlamaModel.open(Path.of(args[0]), Optional.empty(), options);
                var adapter = LoraAdapter.fresh(LORA, model.decoder(), 1)) {
            model.decoder().attach(adapter);
            var speed = new LoraStepSpeed(
                    model.decoder(), adapter, Integer.parseInt(args[3]), args[4].equals("checkpoint"));
            double first = speed.step(0); // warm-up
            var rates = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                long start = System.nanoTime();
                speed.step(i + 1);
                rates[i] = BATCH * LENGTH / ((System.nanoTime() - start) / 1e9);
            }
            Arrays.sort(rates);
            System.out.printf(
                    Locale.ROOT,
                    "{\"rate\": %.2f, \"parameters\": %d, \"loss\": %.5f, \"peak_bytes\": %d}%n",
                    rates[STEPS / 2],
                    adapter.parameterCount(),
                    first,
                    peakBytes());
        }
    }

    private double step(int number) {
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var lengths = new long[BATCH];
            Arrays.fill(lengths, LENGTH);
            var pass = new TrainingPass(lengths, number);

            var inputs = new ArrayList<NDArray>();
            var insides = new ArrayList<List<NDArray>>();
            var x = decoder.embed(decoder.integers(ids));
            for (int layer = 0; layer < decoder.layers(); layer++) {
                LayerOutput output = decoder.layer(layer, x, pass);
                output = checkpointing ? output.alone() : output;
                inputs.add(x);
                insides.add(output.inside());
                x = output.output();
            }

            var head = decoder.lossVjp(x, decoder.integers(labels));

            var gradients = new ArrayList<List<NDArray>>();
            var gradient = head.input();
            for (int layer = decoder.layers() - 1; layer >= 0; layer--) {
                var back = decoder.layerVjp(layer, inputs.get(layer), insides.get(layer), gradient, pass);
                inputs.get(layer).close();
                insides.get(layer).forEach(NDArray::close);
                gradient.close();
                gradient = back.input();
                gradients.add(back.adapter());
            }
            Collections.reverse(gradients);
            var all = gradients.stream().flatMap(List::stream).toList();
            Tensors.clip(all, 1);
            optimizer.update(all, 1e-4);
            return head.loss();
        }
    }

    private static long peakBytes() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            var line = lines.filter(text -> text.startsWith("VmHWM:")).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }
}
