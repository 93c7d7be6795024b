package org.eegvlm.finetune;

import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.eegvlm.llava.ModelOutline;

/**
 * What a run will hold in memory at its fullest, in bytes, part by part.
 *
 * @param base weights that stay, as they are held
 * @param trained LoRA and projector in float32, their gradients and both moments; while a checkpoint is written, a copy
 * @param activations of the longest batch: what every layer keeps, the inside of one, and the logits of a chunk
 * @param program the virtual machine, libtorch, and the data
 */
record MemoryEstimate(long base, long trained, long activations, long program) {

    /** An idle virtual machine with libtorch and its threads; measured. */
    private static final long PROGRAM = 420L << 20;

    /** Numbers in four bits: half a byte, a quantised magnitude for 64, a magnitude's for 256 of these. */
    private static final double NF4_BYTES = 0.5 + 1.0 / 64 + 4.0 / (64 * 256);

    /** The decoder's chunk of logits, in numbers. */
    private static final long LOGITS = 1 << 24;

    /**
     * @param tokens of the longest batch
     * @param supervised of these
     */
    static MemoryEstimate of(FineTuneConfig config, ModelOutline model, long tokens, long supervised) {
        long width = config.precision().type() == DataType.BFLOAT16 ? 2 : 4;
        return new MemoryEstimate(
                base(config.precision(), model, width),
                trained(config, model),
                activations(config.precision(), model, width, tokens, supervised),
                PROGRAM);
    }

    long total() {
        return base + trained + activations + program;
    }

    Map<String, Long> parts() {
        var parts = new LinkedHashMap<String, Long>();
        parts.put("base", base);
        parts.put("trained", trained);
        parts.put("activations", activations);
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

    /** Files of the wanted type are mapped; others are read through the map into memory of their own. */
    private static long base(PrecisionConfig precision, ModelOutline model, long width) {
        double held = (double) model.storedElements() * width;
        if (precision.fourBit()) {
            held -= TrainableCount.projections(model.llama()) * (width - NF4_BYTES);
        }
        boolean mapped = !precision.fourBit() && model.storedBytes() == model.storedElements() * width;
        return (long) held + (mapped ? 0 : model.storedBytes());
    }

    private static long trained(FineTuneConfig config, ModelOutline model) {
        long count = TrainableCount.of(config.lora(), model).total();
        int gradients = config.batch().accumulation() > 1 ? 2 : 1;
        return count * 4 * (3 + gradients) + count * 8;
    }

    private static long activations(
            PrecisionConfig precision, ModelOutline model, long width, long tokens, long supervised) {
        var llama = model.llama();
        long hidden = llama.hiddenSize();
        long attention = llama.attention().queryWidth() + 2L * llama.attention().keyValueWidth();
        long inside = attention + hidden + 2L * llama.intermediateSize();
        long kept = llama.layers() * (hidden + (precision.checkpointing() ? 0 : inside));
        long wayBack = inside + 2 * attention + 4L * llama.intermediateSize() + 5 * hidden;
        long vocabulary = llama.vocabularySize();
        long logits = Math.min(supervised, Math.max(1, LOGITS / vocabulary)) * vocabulary * 4 * 3;
        return tokens * width * (kept + wayBack) + logits;
    }

    private static String size(long bytes) {
        return bytes < 1L << 30
                ? "%d MiB".formatted(Math.round(bytes / 1048576.0))
                : String.format(Locale.ROOT, "%.1f GiB", bytes / 1073741824.0);
    }
}
