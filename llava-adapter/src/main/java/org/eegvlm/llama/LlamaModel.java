package org.eegvlm.llama;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.checkpoint.ModelFolder;
import org.eegvlm.tokenizer.LlamaTokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A language model that knows text alone: tokenizer, decoder and, for a LoRA folder, the adapter attached to it.
 *
 * <p>Owns its parts until it is closed.
 */
public final class LlamaModel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LlamaModel.class);

    private final LlamaTokenizer tokenizer;
    private final LlamaDecoder decoder;
    private final Optional<LoraAdapter> adapter;

    private LlamaModel(LlamaTokenizer tokenizer, LlamaDecoder decoder, Optional<LoraAdapter> adapter) {
        this.tokenizer = tokenizer;
        this.decoder = decoder;
        this.adapter = adapter;
        adapter.ifPresent(decoder::attach);
    }

    /**
     * Reads a model from disk; its files decide what it is.
     *
     * @param modelPath a folder with full weights, or a LoRA folder
     * @param modelBase for a LoRA folder the full weights; without it, the folder that {@code adapter_config.json} names
     * @throws IllegalArgumentException if a folder is missing or the two do not go together
     * @throws MalformedDataException naming a tensor or field that is missing or does not fit
     */
    public static LlamaModel open(Path modelPath, Optional<Path> modelBase, LoadOptions options) throws IOException {
        return load(ModelFolder.open(modelPath, modelBase), options);
    }

    /** The same from a folder that was found already. */
    public static LlamaModel load(ModelFolder folder, LoadOptions options) throws IOException {
        var base = folder.base();
        var config = LlamaConfig.of(base);
        var tokenizer = LlamaTokenizer.load(base.path());
        try {
            noteTokensWithoutEmbedding(tokenizer, config, folder);
            var decoder = LlamaDecoder.load(base, config, options);
            try {
                var adapter = folder.adapter().isPresent()
                        ? Optional.of(LoraAdapter.load(folder.adapter().get(), decoder))
                        : Optional.<LoraAdapter>empty();
                return new LlamaModel(tokenizer, decoder, adapter);
            } catch (IOException | RuntimeException e) {
                decoder.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    public LlamaConfig config() {
        return decoder.config();
    }

    public LlamaTokenizer tokenizer() {
        return tokenizer;
    }

    public LlamaDecoder decoder() {
        return decoder;
    }

    /** The adapter of a LoRA folder, attached already. */
    public Optional<LoraAdapter> adapter() {
        return adapter;
    }

    /** Where embeddings go in. */
    public Device device() {
        return decoder.device();
    }

    @Override
    public void close() {
        decoder.close();
        adapter.ifPresent(LoraAdapter::close);
        tokenizer.close();
    }

    /** A prompt may do without the tokens that were added to the tokenizer and never to the model. */
    private static void noteTokensWithoutEmbedding(LlamaTokenizer tokenizer, LlamaConfig config, ModelFolder folder) {
        if (tokenizer.vocabularySize() > config.vocabularySize()) {
            LOG.warn(
                    "{}: the tokenizer has {} tokens, the model {} embeddings; a prompt that needs one more is refused",
                    folder.base().configFile(),
                    tokenizer.vocabularySize(),
                    config.vocabularySize());
        }
    }
}
