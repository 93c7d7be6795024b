import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llama.Generator;
import org.eegvlm.llama.LlamaConfig;
import org.eegvlm.llama.LlamaDecoder;
import org.eegvlm.llama.LlamaModel;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.VqaRequest;

/**
 * Our half of the speed and memory benchmarks: prints one JSON line. Started by {@code speed.sh} and {@code memory.sh}.
 *
 * <pre>{@code
 * java -cp CLASS_PATH LlamaSpeed.java llama|llava|memory FOLDER fp32|bf16 THREADS
 * }</pre>
 *
 * <p>All figures are tokens a second but for {@code bandwidth} (bytes a second) and the memory's.
 */
public final class LlamaSpeed {

    private static final int PROMPT = 512;
    private static final int NEW_TOKENS = 128;
    private static final int[] CONTEXTS = {32, 640};
    private static final int REPETITIONS = 3;

    private final LoadOptions options;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private LlamaSpeed(LoadOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("ai.djl.pytorch.num_threads", args[3]);
        var speed = new LlamaSpeed(LoadOptions.on("cpu").withType(LoadOptions.type(args[2])));
        var folder = Path.of(args[1]);
        switch (args[0]) {
            case "llama" -> speed.llama(folder);
            case "llava" -> speed.llava(folder);
            case "memory" -> speed.memory(folder);
            default -> throw new IllegalArgumentException("llama, llava or memory, not " + args[0]);
        }
        System.out.println(speed.figures.entrySet().stream()
                .map(figure -> "\"%s\": %s".formatted(figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(", ", "{", "}")));
    }

    private void llama(Path folder) throws Exception {
        try (var model = LlamaModel.open(folder, Optional.empty(), options)) {
            var decoder = model.decoder();
            generate(decoder, PROMPT, 8); // warm-up
            figures.put("prefill", rate(PROMPT / seconds(() -> generate(decoder, PROMPT, 1))));
            for (int context : CONTEXTS) {
                figures.put("decode_" + context, decodeRate(decoder, context));
            }
            floor(decoder.config());
        }
    }

    /** A picture of the tower's size and a question, from pixels to the first token; then the tokens after it. */
    private void llava(Path folder) throws Exception {
        try (var model = LlavaModel.open(folder, Optional.empty(), options)) {
            int size = 336;
            var pixels = new byte[size * size * 3];
            new Random(0).nextBytes(pixels);
            var question = List.of(new VqaRequest(
                    "0",
                    List.of(new RgbImage(size, size, pixels)),
                    Optional.empty(),
                    "Which sleep stage does the picture of this epoch show?"));
            var prompt = model.answer(question, answer(2)).get(0).prompt(); // warm-up
            int tokens = model.tokenizer().encode(prompt.replace(Conversation.IMAGE, "")).length + model.patches();
            var prefill = new double[REPETITIONS];
            var decode = new double[REPETITIONS];
            for (int i = 0; i < REPETITIONS; i++) {
                var times = new ArrayList<Long>();
                long start = System.nanoTime();
                try (var answering = model.answering(answer(NEW_TOKENS + 1))) {
                    var said = answering.answers(question, part -> times.add(System.nanoTime()));
                    requireAll(said.get(0).tokens().length, NEW_TOKENS + 1);
                }
                prefill[i] = tokens / ((times.get(0) - start) / 1e9);
                decode[i] = NEW_TOKENS / ((times.get(NEW_TOKENS) - times.get(0)) / 1e9);
            }
            figures.put("prompt_tokens", tokens);
            figures.put("prefill", rate(median(prefill)));
            figures.put("decode", rate(median(decode)));
            floor(model.decoder().config());
        }
    }

    private static AnswerOptions answer(int tokens) {
        return new AnswerOptions(Conversation.LLAVA_V1, FeatureMode.OFF, tokens);
    }

    /** Opens with a warm engine and page cache, answers once, and tells the most memory that was ever resident. */
    private void memory(Path folder) throws Exception {
        Engine.getInstance();
        long bytes = 0;
        try (var files = Files.list(folder)) {
            for (var file : files.filter(name -> name.toString().endsWith(".safetensors")).toList()) {
                bytes += Files.size(file);
                try (var stream = Files.newInputStream(file)) {
                    stream.transferTo(OutputStream.nullOutputStream());
                }
            }
        }
        long start = System.nanoTime();
        try (var model = LlamaModel.open(folder, Optional.empty(), options)) {
            figures.put("open_seconds", rate((System.nanoTime() - start) / 1e9));
            generate(model.decoder(), 64, 32);
        }
        figures.put("file_bytes", bytes);
        figures.put("peak_bytes", peakBytes());
    }

    private static long peakBytes() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            var line = lines.filter(text -> text.startsWith("VmHWM:")).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    /** Tokens a second behind a prompt that is read already. */
    private static String decodeRate(LlamaDecoder decoder, int context) throws Exception {
        var rates = new double[REPETITIONS];
        var generator = new Generator(decoder);
        for (int i = 0; i < rates.length; i++) {
            try (var scope = scope();
                    var prompt = generator.prefill(
                            decoder.embed(decoder.integers(ids(context, decoder.config()))),
                            new int[] {context},
                            NEW_TOKENS + 1)) {
                long start = System.nanoTime();
                var said = generator.generate(prompt, GenerationOptions.greedy(NEW_TOKENS + 1));
                rates[i] = NEW_TOKENS / ((System.nanoTime() - start) / 1e9);
                requireAll(said.get(0).tokens().length, NEW_TOKENS + 1);
            }
        }
        return rate(median(rates));
    }

    private static Void generate(LlamaDecoder decoder, int context, int newTokens) {
        try (var scope = scope()) {
            var embeddings = decoder.embed(decoder.integers(ids(context, decoder.config())));
            var said = new Generator(decoder).greedy(embeddings, new int[] {context}, newTokens);
            requireAll(said.get(0).length, newTokens);
        }
        return null;
    }

    private static void requireAll(int said, int wanted) {
        if (said != wanted) {
            throw new IllegalStateException("said %d tokens of %d: the end token came by chance".formatted(said, wanted));
        }
    }

    /** How fast as many bytes as all weights are read here, and what a token has to read: no program can beat that. */
    private void floor(LlamaConfig config) throws Exception {
        long bytes = weightBytes(config);
        double best = Double.MAX_VALUE;
        try (var manager = NDManager.newBaseManager()) {
            long columns = 4096;
            var matrix = manager.ones(new Shape(bytes / 4 / columns, columns));
            var vector = manager.ones(new Shape(columns));
            for (int i = 0; i < 10; i++) {
                best = Math.min(best, timed(() -> close(matrix.matMul(vector))));
                best = Math.min(best, timed(() -> close(matrix.sum())));
            }
        }
        figures.put("bandwidth", rate(bytes / best));
        figures.put("weight_bytes", bytes);
        var attention = config.attention();
        figures.put(
                "cache_bytes_a_token",
                2L
                        * config.layers()
                        * attention.keyValueHeads()
                        * attention.headDimension()
                        * options.type().getNumOfBytes());
    }

    private static Void close(NDArray array) {
        array.toFloatArray();
        array.close();
        return null;
    }

    /** All layers, the last norm and the head; the embedding's one row does not count. */
    private long weightBytes(LlamaConfig config) {
        long width = config.hiddenSize();
        long head = config.attention().headDimension();
        long queries = width * head * config.attention().heads();
        long keys = width * head * config.attention().keyValueHeads();
        long layer = 2 * queries + 2 * keys + 3 * width * config.intermediateSize() + 2 * width;
        return (config.layers() * layer + width + width * config.vocabularySize()) * options.type().getNumOfBytes();
    }

    private static int[][] ids(int count, LlamaConfig config) {
        return new int[][] {new Random(1).ints(count, 3, config.vocabularySize() - 2).toArray()};
    }

    private static NDScope scope() {
        var scope = new NDScope();
        scope.suppressNotUsedWarning();
        return scope;
    }

    /** The median of a few. */
    private static double seconds(Callable<?> work) throws Exception {
        var times = new double[REPETITIONS];
        for (int i = 0; i < times.length; i++) {
            times[i] = timed(work);
        }
        return median(times);
    }

    private static double timed(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static String rate(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
