package org.eegvlm.llama;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.tensor.SafetensorsFile;

/** The three-layer Llama of {@code reference/make_tiny_llama.py}, with what transformers and PEFT compute with it. */
final class TinyLlama implements AutoCloseable {

    /** Lengths of its two prompts; the second is padded to the first. */
    static final int[] LENGTHS = {9, 6};

    final NDManager manager = NDManager.newBaseManager(Device.cpu(), LlamaDecoder.ENGINE);
    final LlamaConfig config;
    final LlamaDecoder decoder;
    final LoraAdapter adapter;
    private final SafetensorsFile golden;

    private TinyLlama(UnaryOperator<LlamaConfig> change) throws IOException {
        var checkpoint = Checkpoint.open(folder());
        config = change.apply(LlamaConfig.read(checkpoint.config(), checkpoint.configFile()));
        decoder = LlamaDecoder.load(checkpoint, config, LoadOptions.on("cpu"));
        adapter = LoraAdapter.load(folder().resolve("adapter"), config, Device.cpu());
        golden = SafetensorsFile.open(folder().resolve("golden.safetensors"));
    }

    static TinyLlama open() throws IOException {
        return new TinyLlama(UnaryOperator.identity());
    }

    static TinyLlama adapted() throws IOException {
        var llama = open();
        llama.decoder.attach(llama.adapter);
        return llama;
    }

    /** With the adapter, and other tokens that end an answer. */
    static TinyLlama endingWith(int... ends) throws IOException {
        var llama = new TinyLlama(known -> new LlamaConfig(
                known.vocabularySize(),
                known.hiddenSize(),
                known.intermediateSize(),
                known.layers(),
                known.attention(),
                known.rmsNormEpsilon(),
                known.rope(),
                known.maxPositions(),
                known.tiedEmbeddings(),
                new SpecialTokens(1, Arrays.stream(ends).boxed().toList(), 0)));
        llama.decoder.attach(llama.adapter);
        return llama;
    }

    /** In place of a tokenizer: token 0 is {@code A}, and so on. */
    static String text(int... ids) {
        return Arrays.stream(ids).mapToObj(id -> Character.toString('A' + id)).collect(Collectors.joining());
    }

    static Path folder() {
        return resource("tiny-llama");
    }

    static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(TinyLlama.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    float[] golden(String name) throws IOException {
        return golden.floats(name);
    }

    int[] goldenIds(String name) throws IOException {
        return Arrays.stream(goldenLongs(name)).mapToInt(Math::toIntExact).toArray();
    }

    /** int64 [2, 9] */
    NDArray ids() throws IOException {
        return manager.create(goldenLongs("ids"), new Shape(2, 9));
    }

    NDArray embeddings() throws IOException {
        return decoder.embed(ids());
    }

    /** What each position should be followed by: transformers shifts its labels itself, here they come shifted. */
    NDArray shiftedLabels() throws IOException {
        var labels = goldenLongs("labels");
        var shifted = new long[labels.length];
        Arrays.setAll(shifted, i -> i % 9 == 8 ? LlamaDecoder.IGNORED : labels[i + 1]);
        return manager.create(shifted, new Shape(2, 9));
    }

    /** The output of the last layer over whole sequences. */
    NDArray forward(NDArray x) {
        for (int layer = 0; layer < decoder.layers(); layer++) {
            x = decoder.layer(layer, x);
        }
        return x;
    }

    private long[] goldenLongs(String name) throws IOException {
        var values = golden.map(name).asLongBuffer();
        var longs = new long[values.remaining()];
        values.get(longs);
        return longs;
    }

    @Override
    public void close() {
        decoder.close();
        adapter.close();
        manager.close();
    }
}
