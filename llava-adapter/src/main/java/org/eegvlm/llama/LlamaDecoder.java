package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.kernels.KernelSource;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.MatrixProducts;
import org.eegvlm.kernels.Nf4Weight;
import org.jspecify.annotations.Nullable;

/**
 * A Llama decoder (Touvron et al. 2023, arXiv:2307.09288) with frozen weights and, if attached, a trainable adapter.
 *
 * <p>Shapes: B rows, T tokens, H {@code hiddenSize}, V {@code vocabularySize}. Whole sequences begin at position 0;
 * padding stands on the right. Results belong to the innermost open {@link NDScope}, or to the caller.
 *
 * <p>Training goes layer by layer: keep each layer's input and, where memory allows, what is inside it; take
 * {@link #lossVjp}, then {@link #layerVjp} from the last layer to the first. Without the inside it computes a layer again,
 * and memory holds the inside of one layer only.
 *
 * <p>Owns its weights until it is closed, not the adapter. Several threads may compute at once; attaching, merging and
 * closing are for one thread alone.
 */
public final class LlamaDecoder implements AutoCloseable {

    static final String ENGINE = "PyTorch";

    /** The label of a position that is not supervised. */
    public static final int IGNORED = -100;

    /** Logits that are in memory at a time: 64 MiB in fp32. */
    private static final int LOGITS_PER_CHUNK = 1 << 24;

    static final KernelSource KERNELS = new KernelSource(LlamaDecoder.class, "llama.kernels.py");

    private static final long[] NOT_ADAPTED =
            LongStream.generate(() -> -1).limit(Projection.values().length).toArray();

    private final LlamaConfig config;
    private final LayerPlacement placement;
    private final LlamaWeights weights;
    private final Kernels kernels;
    private @Nullable LoraAdapter adapter;

    private LlamaDecoder(LlamaConfig config, LayerPlacement placement, LlamaWeights weights, Kernels kernels) {
        this.config = config;
        this.placement = placement;
        this.weights = weights;
        this.kernels = kernels;
    }

    /** @throws org.eegvlm.core.MalformedDataException if a tensor is missing or has another shape than the configuration */
    public static LlamaDecoder load(Checkpoint checkpoint, LlamaConfig config, LoadOptions options) throws IOException {
        var reader = new LayerReader(checkpoint, config, options);
        var placement = LayerPlacement.of(config.layers(), reader.bytes(), options.devices());
        var weights = new LlamaWeights(checkpoint, config, reader, placement, options.type());
        var kernels = Kernels.load(options.device(), MatrixProducts.SOURCE, Nf4Weight.SOURCE, KERNELS);
        return new LlamaDecoder(config, placement, weights, kernels);
    }

    public LlamaConfig config() {
        return config;
    }

    public int layers() {
        return config.layers();
    }

    /** Where embeddings go in and come from. */
    public Device device() {
        return kernels.device();
    }

    /** Where each layer lies, and so must its part of an adapter. */
    public List<Device> layerDevices() {
        return placement.layers();
    }

    /** The layers of each device, in the order in which a token passes them. */
    public List<DecoderStage> stages() {
        return placement.stages();
    }

    /** In which an adapter's tensors are held: FLOAT32, or FLOAT64 where the layers compute in it. */
    DataType adapterType() {
        return weights.norm().getDataType() == DataType.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32;
    }

    /**
     * From now on every layer adds the adapter's update; the caller keeps the adapter and closes it after this.
     *
     * @throws IllegalArgumentException if it was made for another shape
     */
    public void attach(LoraAdapter adapter) {
        adapter.requireFits(config);
        this.adapter = adapter;
    }

    /** The decoder as it was before {@link #attach}. */
    public void detach() {
        adapter = null;
    }

    /** A and B of each adapted projection of a layer, in their order; none where no adapter is attached. */
    public List<NDArray> adapterTensors(int layer) {
        return adapter == null ? List.of() : adapter.layer(layer);
    }

    /**
     * Adds an adapter's update to the weights themselves, in fp32; generation is then as quick as without it.
     *
     * @throws IllegalArgumentException if it was made for another shape, or the weights are held in four bits, which
     *     cannot take it up
     */
    public void merge(LoraAdapter merged) {
        merged.requireFits(config);
        require(
                !weights.quantized(),
                "weights in four bits take no adapter: merge it into the model before quantising");
        var slots = merged.slots();
        for (int layer = 0; layer < layers(); layer++) {
            var pairs = merged.layer(layer);
            for (var projection : Projection.values()) {
                int slot = (int) slots[projection.ordinal()];
                if (slot >= 0) {
                    var weight = weights.projection(layer, projection);
                    var scaling = merged.config().scaling();
                    var sum = kernels.tensor("merged", weight, pairs.get(2 * slot), pairs.get(2 * slot + 1), scaling);
                    NDScope.unregister(sum);
                    weights.replace(layer, projection, sum);
                }
            }
        }
    }

    /** Token ids int64 [B, T] to embeddings [B, T, H]. */
    public NDArray embed(NDArray ids) {
        return kernels.tensor("embed", weights.embedding(), ids);
    }

    /**
     * Rows of ids or labels, all of one length, on the device: int64 [B, T].
     *
     * @throws IllegalArgumentException if an id is beyond the model's vocabulary
     */
    public NDArray integers(int[][] rows) {
        var flat =
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        long largest = Arrays.stream(flat).max().orElse(0);
        require(
                largest < config.vocabularySize(),
                "the token %d is none of this model's %d: the tokenizer has it, the model has not",
                largest,
                config.vocabularySize());
        return kernels.manager().create(flat, new Shape(rows.length, flat.length / Math.max(1, rows.length)));
    }

    /** One layer, nothing dropped: [B, T, H] to [B, T, H]. */
    public NDArray layer(int layer, NDArray x) {
        return layer(layer, x, TrainingPass.ofRows(x, 0), 0).alone().output();
    }

    /** One layer as in training, with the adapter's dropout. */
    public LayerOutput layer(int layer, NDArray x, TrainingPass pass) {
        return layer(layer, x, pass, dropout());
    }

    /**
     * Gradients of one layer.
     *
     * @param x the layer's input
     * @param inside what {@link #layer(int, NDArray, TrainingPass)} told of the same pass; if it is empty, the layer is
     *     computed again
     * @param gradient of its output, both [B, T, H]
     */
    public LayerGradient layerVjp(int layer, NDArray x, List<NDArray> inside, NDArray gradient, TrainingPass pass) {
        var gradients = kernels.tensors(
                "layer_vjp",
                x,
                inside,
                gradient,
                pass.lengths(),
                weights.frequencies(),
                weights.layer(layer),
                adapterTensors(layer),
                slots(),
                config.rmsNormEpsilon(),
                scaling(),
                dropout(),
                layerSeed(pass.seed(), layer));
        return new LayerGradient(gradients.get(0), gradients.subList(1, gradients.size()));
    }

    /** fp32 logits [..., V] of the last layer's output [..., H]. */
    public NDArray logits(NDArray x) {
        return kernels.tensor("logits", x, weights.norm(), weights.head(), config.rmsNormEpsilon());
    }

    /**
     * Mean cross entropy over the supervised positions, with its gradient; the head is computed at them alone.
     *
     * @param labels int64 [B, T]: the token that should follow each position, or {@link #IGNORED}
     * @throws IllegalArgumentException if no position is supervised
     */
    public HeadGradient lossVjp(NDArray x, NDArray labels) {
        return lossVjp(x, labels, chunk());
    }

    /** @param chunk how many positions have their logits in memory at a time */
    HeadGradient lossVjp(NDArray x, NDArray labels, int chunk) {
        var result = kernels.tensors(
                "loss_vjp", x, beside(x, labels), weights.norm(), weights.head(), config.rmsNormEpsilon(), chunk);
        try (var loss = result.get(0);
                var supervised = result.get(2)) {
            require(supervised.getLong() > 0, "no label of this batch is supervised: there is nothing to learn");
            return new HeadGradient(loss.getDouble(), supervised.getLong(), result.get(1));
        }
    }

    @Override
    public void close() {
        weights.close();
        kernels.close();
    }

    Kernels kernels() {
        return kernels;
    }

    /** An empty cache beside this decoder's layers, in its element type; the caller closes it. */
    KvCache cache(int rows, int slots) {
        var attention = config.attention();
        var shape = new long[] {rows, slots, attention.keyValueHeads(), attention.headDimension()};
        return KvCache.allocate(
                layers(), layer -> kernels.tensor("zeros", weights.layer(layer).get(0), shape));
    }

    /**
     * The last layer's output [B, T, H] for T new tokens a row, whose keys and values go into the cache.
     *
     * @param x [B, T, H]
     * @param starts [B], the slot of each row's first new token
     */
    NDArray extend(NDArray x, long[] starts, KvCache cache) {
        return extend(x, starts, new long[0], cache);
    }

    /** The same of one token a row, [B, H]: the last layer computes no other. @param last [B], 0 for the first new token */
    NDArray extendToLast(NDArray x, long[] starts, long[] last, KvCache cache) {
        return extend(x, starts, last, cache).squeeze(1);
    }

    private NDArray extend(NDArray x, long[] starts, long[] last, KvCache cache) {
        return kernels.inference(
                "extend",
                x,
                starts,
                last,
                cache.keys(),
                cache.values(),
                weights.frequencies(),
                weights.layers(),
                adapter == null ? List.of() : adapter.parameters(),
                adapter == null ? 0 : adapter.tensorsPerLayer() / 2,
                slots(),
                config.rmsNormEpsilon(),
                scaling());
    }

    private LayerOutput layer(int layer, NDArray x, TrainingPass pass, double dropout) {
        var tensors = kernels.recordedTensors(
                "layer",
                x,
                pass.lengths(),
                weights.frequencies(),
                weights.layer(layer),
                adapterTensors(layer),
                slots(),
                config.rmsNormEpsilon(),
                scaling(),
                dropout,
                layerSeed(pass.seed(), layer));
        return new LayerOutput(tensors.get(0), tensors.subList(1, tensors.size()));
    }

    /** Labels are made where embeddings go in; the last layer's output may lie elsewhere. */
    private static NDArray beside(NDArray x, NDArray labels) {
        return labels.toDevice(x.getDevice(), false);
    }

    private long[] slots() {
        return adapter == null ? NOT_ADAPTED : adapter.slots();
    }

    private double scaling() {
        return adapter == null ? 0 : adapter.config().scaling();
    }

    private double dropout() {
        return adapter == null ? 0 : adapter.config().dropout();
    }

    private int chunk() {
        return Math.max(1, LOGITS_PER_CHUNK / config.vocabularySize());
    }

    /** Spreads neighbouring seeds and layers (SplitMix64's finaliser): torch's CPU generator takes 32 bits of it. */
    private static long layerSeed(long seed, int layer) {
        long mixed = seed + (layer + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (mixed ^ (mixed >>> 31)) >>> 8;
    }
}
