package org.eegvlm.llava;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.kernels.Kernels;
import org.eegvlm.kernels.Tensors;
import org.eegvlm.kernels.TorchDevice;
import org.eegvlm.llama.LlamaDecoder;
import org.eegvlm.llama.LlamaTokenizer;
import org.eegvlm.llama.LoraAdapter;

/**
 * A LLaVA-1.5: tokenizer, vision tower, projector and decoder, and the splice that puts pictures into text.
 *
 * <p>W is the tower's width, P its patches, H the decoder's width. Owns its parts until it is closed. Tensors it
 * returns belong to the innermost open {@link NDScope}. One thread at a time.
 */
public final class LlavaModel implements AutoCloseable {

    /** How many pictures go through the tower at once; bounds memory. */
    private static final int TOWER_BATCH = 16;

    private final LlavaConfig config;
    private final Kernels kernels;
    private final LlamaTokenizer tokenizer;
    private final ImageProcessor imageProcessor;
    private final ClipTower tower;
    private final Projector projector;
    private final LlamaDecoder decoder;
    private final Optional<LoraAdapter> adapter;
    private final Optional<ModelCard> card;
    private final DataType type;
    private final Splicer splicer;

    private LlavaModel(LlavaFolder folder, Device device, DataType type, Parts parts) throws IOException {
        config = folder.config();
        this.type = type;
        kernels = parts.add(Kernels.load(device, LlavaModel.class, "llava.kernels.py"));
        tokenizer = parts.add(LlamaTokenizer.load(folder.base().folder()));
        requireFits(tokenizer, folder);
        try (var source = VisionSource.find(config, folder.towerRoots(), folder.base())) {
            tower = parts.add(ClipTower.load(kernels, source, config.selectLayer(), type));
            imageProcessor = ImageProcessor.in(source.checkpoint().folder(), tower.imageSize(), config.padToSquare());
        }
        if (tower.width() != config.visionWidth()) {
            throw new MalformedDataException(
                    folder.base().configFile(),
                    "field 'mm_hidden_size'",
                    "is %d, but the tower is %d wide".formatted(config.visionWidth(), tower.width()));
        }
        int hidden = config.llama().hiddenSize();
        projector = parts.add(
                folder.adapter().isPresent()
                        ? Projector.load(kernels, folder.adapter().get(), tower.width(), hidden)
                        : Projector.load(kernels, folder.base(), tower.width(), hidden));
        decoder = parts.add(LlamaDecoder.load(folder.base(), config.llama(), device, type));
        adapter = folder.adapter().isPresent()
                ? Optional.of(parts.add(LoraAdapter.load(folder.adapter().get(), config.llama(), device)))
                : Optional.empty();
        adapter.ifPresent(decoder::attach);
        card = ModelCard.in(folder.model());
        splicer = new Splicer(kernels, projector);
    }

    /**
     * Reads a model from disk; its files decide what it is.
     *
     * @param modelPath a folder with full weights; or a LoRA folder: {@code adapter_config.json}, the adapter and
     *     {@code non_lora_trainables.bin}
     * @param modelBase for a LoRA folder the full weights; without it, the folder that {@code adapter_config.json} names
     * @param type of the frozen weights and of what is computed
     * @throws IllegalArgumentException if a folder is missing or the two do not go together
     * @throws MalformedDataException naming a tensor or field that is missing or does not fit
     */
    public static LlavaModel open(Path modelPath, Optional<Path> modelBase, Device device, DataType type)
            throws IOException {
        var parts = new Parts();
        try (var folder = LlavaFolder.open(modelPath, modelBase)) {
            return new LlavaModel(folder, device, type, parts);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /**
     * The same, computing in float32.
     *
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public static LlavaModel open(Path modelPath, Optional<Path> modelBase, String device) throws IOException {
        return open(modelPath, modelBase, TorchDevice.of(device), DataType.FLOAT32);
    }

    public LlavaConfig config() {
        return config;
    }

    public LlamaTokenizer tokenizer() {
        return tokenizer;
    }

    public ClipTower tower() {
        return tower;
    }

    public Projector projector() {
        return projector;
    }

    public LlamaDecoder decoder() {
        return decoder;
    }

    /** The adapter of a LoRA folder, attached already. */
    public Optional<LoraAdapter> adapter() {
        return adapter;
    }

    /** What the model must be fed to work as it was trained; a base has none. */
    public Optional<ModelCard> card() {
        return card;
    }

    public Device device() {
        return kernels.device();
    }

    /**
     * The frozen half of what becomes of pictures; worth keeping where pictures come again.
     *
     * @return [N, P, W]
     */
    public NDArray towerFeatures(List<RgbImage> pictures) {
        if (pictures.isEmpty()) {
            return empty(0, tower.patches(), tower.width());
        }
        var parts = new ArrayList<NDArray>();
        for (int from = 0; from < pictures.size(); from += TOWER_BATCH) {
            parts.add(towerBatch(pictures.subList(from, Math.min(pictures.size(), from + TOWER_BATCH))));
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        var joined = kernels.tensor("joined", parts);
        parts.forEach(NDArray::close);
        return joined;
    }

    /** Tower features that were kept elsewhere, [N, P, W], back on the device. */
    public NDArray towerFeatures(float[][] pictures) {
        return tensor(pictures, pictures.length, tower.patches(), tower.width());
    }

    /** Feature rows on the device, [S, W]. */
    public NDArray featureRows(List<float[]> rows) {
        return tensor(rows.toArray(float[][]::new), rows.size(), tower.width());
    }

    /** [B, T] of int64 on the device, such as {@link SpliceLayout#nextLabels}. */
    public NDArray integers(int[][] rows) {
        return splicer.integers(rows);
    }

    /**
     * Embeddings of text with pictures and feature rows in their places.
     *
     * @param pictures tower features [N, P, W] of the layout's pictures, in its order
     * @param rows feature rows [S, W] of the layout's injected slots, in its order
     * @return [B, T, H]
     */
    public NDArray splice(SpliceLayout layout, NDArray pictures, NDArray rows) {
        return splicer.splice(layout, decoder.embed(integers(layout.ids())), pictures, rows);
    }

    /**
     * What a gradient [B, T, H] of the spliced embeddings means for the projector.
     *
     * @return one float32 gradient for each of {@link Projector#parameters()}
     */
    public List<NDArray> spliceGradients(SpliceLayout layout, NDArray gradient, NDArray pictures, NDArray rows) {
        return splicer.gradients(layout, gradient, pictures, rows);
    }

    /**
     * Answers by greedy generation, and weighs the closed set where the options name one.
     *
     * <p>The batch is one forward pass: its size is for the caller to choose, and changes no answer.
     *
     * @throws IllegalArgumentException naming the sample, if tags and pictures differ in number, a feature row is
     *     missing or of another width, or the prompt is longer than the model's positions allow
     */
    public List<VqaAnswer> answer(List<VqaRequest> requests, AnswerOptions options) {
        return new Answering(this, options).answers(requests);
    }

    @Override
    public void close() {
        adapter.ifPresent(LoraAdapter::close);
        decoder.close();
        projector.close();
        tower.close();
        tokenizer.close();
        kernels.close();
    }

    /** Of what the tower makes on its way, only the result stays, in the scope of the caller. */
    private NDArray towerBatch(List<RgbImage> pictures) {
        NDArray features;
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            features = tower.features(pixels(pictures));
            NDScope.unregister(features);
        }
        NDScope.register(features);
        return features;
    }

    private NDArray pixels(List<RgbImage> pictures) {
        int size = tower.imageSize();
        var pixels = pictures.stream().map(imageProcessor::pixels).toArray(float[][]::new);
        return tensor(pixels, pictures.size(), 3, size, size);
    }

    /** An id without an embedding would be told by the kernel, in the middle of a prompt, and without its name. */
    private static void requireFits(LlamaTokenizer tokenizer, LlavaFolder folder) throws IOException {
        int embeddings = folder.config().llama().vocabularySize();
        if (tokenizer.vocabularySize() > embeddings) {
            throw new MalformedDataException(
                    folder.base().configFile(),
                    "field 'vocab_size'",
                    "is %d, but the tokenizer beside it has %d pieces"
                            .formatted(embeddings, tokenizer.vocabularySize()));
        }
    }

    private NDArray tensor(float[][] rows, long... shape) {
        if (rows.length == 0) {
            return empty(shape);
        }
        int length = Math.toIntExact(new Shape(shape).size() / rows.length);
        var flat = new float[rows.length * length];
        for (int n = 0; n < rows.length; n++) {
            if (rows[n].length != length) {
                throw new IllegalArgumentException(
                        "row %d has %d values; the model takes %d".formatted(n, rows[n].length, length));
            }
            System.arraycopy(rows[n], 0, flat, n * length, length);
        }
        var tensor = kernels.manager().create(flat, new Shape(shape));
        return type == DataType.FLOAT32 ? tensor : Tensors.cast(tensor, type);
    }

    private NDArray empty(long... shape) {
        return Tensors.cast(
                kernels.tensor("empty", shape, projector.parameters().get(0)), type);
    }

    /** Parts that are loaded so far, closed together if the next one fails. */
    private static final class Parts {
        private final List<AutoCloseable> loaded = new ArrayList<>();

        <T extends AutoCloseable> T add(T part) {
            loaded.add(0, part);
            return part;
        }

        void close() {
            for (var part : loaded) {
                try {
                    part.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
