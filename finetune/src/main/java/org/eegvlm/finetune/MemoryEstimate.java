package org.eegvlm.finetune;

import ai.djl.ndarray.types.DataType;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.PrecisionConfig;
import org.eegvlm.finetune.step.TrainingBatch;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.llama.LlamaConfig;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.ModelOutline;

/**
 * What a run will hold in memory at its fullest, in bytes, part by part.
 *
 * @param base weights that stay, as they are held
 * @param trained LoRA and projector in float32, their gradients and both moments
 * @param activations of a batch: what every layer keeps, and the inside of one or the logits of a chunk
 * @param heap what a processor's heap keeps of activations that are closed, in pieces that the next do not fit
 * @param program the virtual machine, libtorch, and the data
 */
record MemoryEstimate(long base, long trained, long activations, long heap, long program) {

    /** A virtual machine with libtorch, its threads and a tokenizer; measured. */
    private static final long PROGRAM = 250L << 20;

    /** Of the activations, on glibc's heap; measured ({@code benchmarks/finetune_memory.sh}). */
    private static final double HEAP_SHARE = 1.0;

    /** Tensors that live as long as the batch leave fewer gaps. */
    private static final double HEAP_SHARE_KEPT = 0.5;

    /** Numbers in four bits: half a byte, a quantised magnitude for 64, a magnitude's for 256 of these. */
    private static final double NF4_BYTES = 0.5 + 1.0 / 64 + 4.0 / (64 * 256);

    /** The decoder's chunk of logits, in numbers. */
    private static final long LOGITS = 1 << 24;

    /**
     * What goes through the model at once.
     *
     * @param tokens of all samples, pictures expanded
     * @param supervised of these
     * @param pictures that the tower sees
     */
    record Batch(long tokens, long supervised, long pictures) {}

    /** With the fullest batch of the whole run: in every pass the samples come in other company. */
    static MemoryEstimate of(PlannedRun run) {
        var lengths = run.data().lengths();
        var learnt = run.data().supervised().toArray();
        var pictures = run.data().pictureCounts();
        return LongStream.range(0, run.plan().steps())
                .boxed()
                .flatMap(step -> shares(run, step))
                .map(batch -> new Batch(
                        batch.stream().mapToLong(lengths::get).sum(),
                        batch.stream().mapToLong(i -> learnt[i]).sum(),
                        batch.stream().mapToLong(pictures::get).sum()))
                .distinct()
                .map(batch -> of(run.config(), run.model(), batch))
                .max(Comparator.comparingLong(MemoryEstimate::total))
                .orElseThrow();
    }

    /** What goes through a model at once. */
    private static Stream<List<Integer>> shares(PlannedRun run, long step) {
        int replicas = run.config().execution().replicas().size();
        return run.plan().batches(step).stream()
                .flatMap(batch -> new TrainingBatch(batch, 0).shares(replicas).stream())
                .map(TrainingBatch::samples);
    }

    static MemoryEstimate of(FineTuneConfig config, ModelOutline model, Batch batch) {
        long width = config.precision().type() == DataType.BFLOAT16 ? 2 : 4;
        long activations = activations(config, model, width, batch);
        return new MemoryEstimate(
                base(config.precision(), model, width),
                TrainableCount.of(config.lora(), model).total() * 4 * Float.BYTES,
                activations,
                heap(config, activations),
                PROGRAM);
    }

    long total() {
        return base + trained + activations + heap + program;
    }

    Map<String, Long> parts() {
        var parts = new LinkedHashMap<String, Long>();
        parts.put("base", base);
        parts.put("trained", trained);
        parts.put("activations", activations);
        parts.put("heap", heap);
        parts.put("program", program);
        return parts;
    }

    @Override
    public String toString() {
        return "%s: %s"
                .formatted(
                        size(total()),
                        parts().entrySet().stream()
                                .map(part -> part.getKey() + " " + size(part.getValue()))
                                .collect(Collectors.joining(", ")));
    }

    /** As it is held: a tensor of another type is cast out of a map of its own, whose pages go back before the next. */
    private static long base(PrecisionConfig precision, ModelOutline model, long width) {
        double held = (double) model.elements() * width;
        if (precision.fourBit()) {
            held -= TrainableCount.projections(model.llama()) * (width - NF4_BYTES);
        }
        return (long) held;
    }

    private static long heap(FineTuneConfig config, long activations) {
        if (TorchDevice.list(config.execution().device()).get(0).isGpu()) {
            return 0;
        }
        return Math.round(activations * (config.precision().checkpointing() ? HEAP_SHARE : HEAP_SHARE_KEPT));
    }

    /** What stays of every layer on the way there, and the fullest moment on the way back: in a layer, or at the head. */
    private static long activations(FineTuneConfig config, ModelOutline model, long width, Batch batch) {
        var llama = model.llama();
        boolean again = config.precision().checkpointing();
        long inside = inside(llama, config.lora(), width);
        long kept = llama.layers() * (width * llama.hiddenSize() + (again ? 0 : inside));
        long wayBack = (again ? inside : 0) + width * (5L * llama.intermediateSize() + 4L * llama.hiddenSize());
        long layers = batch.tokens() * (kept + wayBack);
        long head = batch.tokens() * kept + head(llama.vocabularySize(), width, batch.supervised());
        return Math.max(layers, head) + pictures(model, width, batch.pictures());
    }

    /** Bytes of one token in a layer: what {@link org.eegvlm.llama.LayerOutput} lists. */
    private static long inside(LlamaConfig llama, LoraConfig lora, long width) {
        long queries = llama.attention().queryWidth();
        long keys = llama.attention().keyValueWidth();
        long plain = queries + 2 * keys + llama.hiddenSize() + 2L * llama.intermediateSize();
        // Rotated queries, the attention before and after its samples are joined; rotated keys, or keys and values
        // repeated for each query.
        long wayBack = 3 * queries + (queries == keys ? keys : 2 * queries);
        long narrow = (long) lora.rank() * lora.targets().size();
        long inputs = lora.targets().stream()
                .mapToLong(projection -> projection.inputWidth(llama))
                .sum();
        return width * (plain + wayBack + narrow) + Math.round(Long.BYTES * lora.dropout() * inputs);
    }

    /** Logits of a chunk in the base's type, their logarithm in float32, which becomes their gradient, and what is cast of both. */
    private static long head(long vocabulary, long width, long supervised) {
        long rows = Math.min(supervised, Math.max(1, LOGITS / vocabulary));
        return rows * vocabulary * (width == 4 ? 2 * 4 : 2 * 4 + width);
    }

    /** What the tower made of them: in Java's memory, twice on its way, and beside the model. */
    private static long pictures(ModelOutline model, long width, long pictures) {
        return pictures * model.patches() * model.featureWidth() * (2 * 4 + width);
    }

    private static String size(long bytes) {
        return bytes < 10L << 30
                ? "%d MiB".formatted(Math.round(bytes / 1048576.0))
                : String.format(Locale.ROOT, "%.1f GiB", bytes / 1073741824.0);
    }
}
