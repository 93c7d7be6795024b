package org.eegvlm.llava;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.llama.LlamaDecoder;
import org.eegvlm.llama.LlamaModel;
import org.eegvlm.llama.LoraAdapter;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * A LLaVA-1.5: a Llama, a vision tower, a projector, and the splice that puts pictures into text. A plain Llama opens as
 * well; it answers questions without pictures and refuses others.
 *
 * <p>W is the tower's width, P its patches, H the decoder's width. Owns its parts until it is closed. Tensors it
 * returns belong to the innermost open {@link NDScope}. One thread at a time.
 */
public final class LlavaModel implements AutoCloseable {

    private final Path path;
    private final LlamaModel llama;
    private final Optional<Vision> vision;
    private final Optional<ModelCard> card;

    private LlavaModel(Path path, LlamaModel llama, Optional<Vision> vision, Optional<ModelCard> card) {
        this.path = path;
        this.llama = llama;
        this.vision = vision;
        this.card = card;
    }

    /**
     * Reads a model from disk; its files decide what it is.
     *
     * @param modelPath a folder with full weights; or a LoRA folder: {@code adapter_config.json}, the adapter and
     *     {@code non_lora_trainables.bin}
     * @param modelBase for a LoRA folder the full weights; without it, the folder that {@code adapter_config.json} names
     * @throws IllegalArgumentException if a folder is missing or the two do not go together
     * @throws MalformedDataException naming a tensor or field that is missing or does not fit
     */
    public static LlavaModel open(Path modelPath, Optional<Path> modelBase, LoadOptions options) throws IOException {
        var folder = ModelFolder.open(modelPath, modelBase);
        var config = LlavaConfig.of(folder);
        var card = ModelCard.in(folder.model());
        var vision =
                config.isPresent() ? Optional.of(Vision.load(config.get(), folder, options)) : Optional.<Vision>empty();
        try {
            return new LlavaModel(modelPath, LlamaModel.load(folder, options), vision, card);
        } catch (IOException | RuntimeException e) {
            vision.ifPresent(Vision::close);
            throw e;
        }
    }

    /** Whether it has eyes; a plain Llama has none. */
    public boolean takesPictures() {
        return vision.isPresent();
    }

    /** How pictures go in; told with one line where they do not. */
    public LlavaConfig config() {
        return vision().config();
    }

    public LlamaTokenizer tokenizer() {
        return llama.tokenizer();
    }

    public ClipTower tower() {
        return vision().tower();
    }

    public Projector projector() {
        return vision().projector();
    }

    public LlamaDecoder decoder() {
        return llama.decoder();
    }

    /** The adapter of a LoRA folder, attached already. */
    public Optional<LoraAdapter> adapter() {
        return llama.adapter();
    }

    /** What the model must be fed to work as it was trained; a base has none. */
    public Optional<ModelCard> card() {
        return card;
    }

    /**
     * The prompt template to ask with: the one asked for, else the one the model was trained with, else the likely one.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Conversation conversation(Optional<String> asked) {
        return asked.or(() -> card.map(ModelCard::conversation))
                .map(Conversation::named)
                .orElseGet(() -> Conversation.likely(tokenizer(), takesPictures()));
    }

    public Device device() {
        return llama.device();
    }

    /** The longest sequence, pictures included. */
    public int longest() {
        return vision.map(eyes -> eyes.config().longest())
                .orElse(decoder().config().maxPositions());
    }

    /** W, how long a feature row is; 0 in a plain Llama, which takes none. */
    public int featureWidth() {
        return vision.map(eyes -> eyes.tower().width()).orElse(0);
    }

    /** P, how many positions a picture takes; none in a plain Llama. */
    public int patches() {
        return vision.map(eyes -> eyes.tower().patches()).orElse(0);
    }

    /**
     * The frozen half of what becomes of pictures; worth keeping where pictures come again.
     *
     * @return [N, P, W]
     */
    public NDArray towerFeatures(List<? extends PictureSource> pictures) {
        return vision().features(pictures);
    }

    /**
     * From now on what the tower makes of a picture is looked up in the cache first, and put there. A picture then goes
     * through the tower alone, so that its features never depend on how many went with it. Of a plain Llama there is
     * nothing to remember.
     */
    public void remember(TowerCache cache) {
        vision.ifPresent(eyes -> eyes.remember(cache));
    }

    /** Whether a picture need not be decoded, nor go through the tower, as the cache has it. */
    public boolean knowsPatches(PictureSource picture) throws IOException {
        return vision().knows(picture);
    }

    /** Tower features [P, W], flat, of one picture. */
    public float[] patches(PictureSource picture) throws IOException {
        return vision().patches(picture);
    }

    /** Tower features that were kept elsewhere, [N, P, W], back on the device. */
    public NDArray towerFeatures(float[][] pictures) {
        return pictures.length == 0 && vision.isEmpty() ? nothing() : vision().features(pictures);
    }

    /** Feature rows on the device, [S, W]. */
    public NDArray featureRows(List<float[]> rows) {
        return rows.isEmpty() && vision.isEmpty() ? nothing() : vision().rows(rows);
    }

    /** [B, T] of int64 on the device, such as {@link SpliceLayout#nextLabels}. */
    public NDArray integers(int[][] rows) {
        return decoder().integers(rows);
    }

    /**
     * Embeddings of text with pictures and feature rows in their places.
     *
     * @param pictures of the layout, in its order
     * @param rows of the layout's injected slots, in its order
     * @return [B, T, H]
     */
    public NDArray embed(SpliceLayout layout, List<? extends PictureSource> pictures, List<float[]> rows) {
        if (vision.isEmpty() && pictures.isEmpty() && rows.isEmpty()) {
            return decoder().embed(integers(layout.ids()));
        }
        return splice(layout, towerFeatures(pictures), featureRows(rows));
    }

    /**
     * The same for pictures that went through the tower already.
     *
     * @param pictures tower features [N, P, W] of the layout's pictures, in its order
     * @param rows feature rows [S, W] of the layout's injected slots, in its order
     * @return [B, T, H]
     */
    public NDArray splice(SpliceLayout layout, NDArray pictures, NDArray rows) {
        var text = decoder().embed(integers(layout.ids()));
        return vision.map(eyes -> eyes.splicer().splice(layout, text, pictures, rows))
                .orElse(text);
    }

    /**
     * What a gradient [B, T, H] of the spliced embeddings means for the projector.
     *
     * @return one float32 gradient for each of {@link Projector#parameters()}; none in a plain Llama
     */
    public List<NDArray> spliceGradients(SpliceLayout layout, NDArray gradient, NDArray pictures, NDArray rows) {
        return vision.map(eyes -> eyes.splicer().gradients(layout, gradient, pictures, rows))
                .orElse(List.of());
    }

    /**
     * Answers, and weighs the closed set where the options name one.
     *
     * <p>The batch is one forward pass: its size is for the caller to choose, and changes no answer.
     *
     * @throws IllegalArgumentException naming the sample, if tags and pictures differ in number, a feature row is
     *     missing or of another width, or the prompt is longer than the model's positions allow
     * @throws java.io.UncheckedIOException if a picture's file cannot be read
     */
    public List<VqaAnswer> answer(List<VqaRequest> requests, AnswerOptions options) {
        try (var answering = new Answering(this, options, false)) {
            return answering.answers(requests);
        }
    }

    /** For batch after batch, and to watch answers while they are written; the caller closes it before the model. */
    public Answering answering(AnswerOptions options) {
        return new Answering(this, options, true);
    }

    /**
     * What one question becomes inside, for comparing implementations.
     *
     * @param newTokens how many tokens to decode greedily; 0: none
     * @throws IllegalArgumentException as {@link #answer(List, AnswerOptions)} does
     */
    public ProbedPrompt probe(VqaRequest request, Conversation conversation, FeatureMode mode, int newTokens) {
        return new Probing(this, conversation, mode, newTokens).probe(request);
    }

    @Override
    public void close() {
        llama.close();
        vision.ifPresent(Vision::close);
    }

    private NDArray nothing() {
        return integers(new int[0][]);
    }

    private Vision vision() {
        return vision.orElseThrow(() -> new IllegalArgumentException(
                path + " is a language model without a vision tower: it takes no pictures"));
    }
}
