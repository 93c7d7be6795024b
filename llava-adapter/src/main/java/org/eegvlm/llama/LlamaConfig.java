package org.eegvlm.llama;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.core.MalformedDataException;

/**
 * The shape of a Llama decoder, as {@code config.json} tells it.
 *
 * @param vocabularySize rows of the embedding, and of the head
 * @param hiddenSize width of the stream between layers
 * @param intermediateSize width inside the feed-forward block
 * @param layers number of decoder layers
 * @param rmsNormEpsilon added to the mean square in every norm
 * @param maxPositions the longest sequence the model was made for
 * @param tiedEmbeddings whether the head is the embedding matrix
 */
public record LlamaConfig(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        AttentionShape attention,
        double rmsNormEpsilon,
        Rope rope,
        int maxPositions,
        boolean tiedEmbeddings,
        SpecialTokens tokens) {

    private static final String GENERATION = "generation_config.json";
    private static final long LARGEST_GENERATION_CONFIG = 1 << 20;

    private static final int LARGEST_VOCABULARY = 1 << 21;
    private static final int WIDEST = 1 << 18;
    private static final int MOST_LAYERS = 1024;
    private static final int MOST_POSITIONS = 1 << 24;

    public LlamaConfig {
        requireIn("vocab_size", vocabularySize, LARGEST_VOCABULARY);
        requireIn("hidden_size", hiddenSize, WIDEST);
        requireIn("intermediate_size", intermediateSize, WIDEST);
        requireIn("num_hidden_layers", layers, MOST_LAYERS);
        requireIn("max_position_embeddings", maxPositions, MOST_POSITIONS);
        require(0 < rmsNormEpsilon && rmsNormEpsilon < 1, "rms_norm_eps must be in (0, 1), was " + rmsNormEpsilon);
    }

    /**
     * Reads the keys of transformers' {@code LlamaConfig}; absent ones take its defaults. In a model with pictures in
     * transformers' own layout they lie in {@code text_config}.
     *
     * @param file named in messages
     * @throws MalformedDataException if a value is out of bounds, or asks for something this decoder does not compute
     */
    public static LlamaConfig read(JsonNode config, Path file) throws MalformedDataException {
        try {
            return LlamaConfigJson.parse(config.has("text_config") ? config.get("text_config") : config);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    /**
     * The configuration of a checkpoint; what ends an answer, its {@code generation_config.json} tells, if it does, as in
     * transformers.
     */
    static LlamaConfig of(Checkpoint checkpoint) throws IOException {
        var config = read(checkpoint.config(), checkpoint.configFile());
        var file = checkpoint.folder().resolve(GENERATION);
        if (!Files.isDirectory(checkpoint.path()) || !Files.exists(file)) {
            return config;
        }
        var generation = FolderFiles.open(checkpoint.folder()).json(GENERATION, LARGEST_GENERATION_CONFIG);
        if (!generation.hasNonNull("eos_token_id")) {
            return config;
        }
        try {
            return config.withEnd(LlamaConfigJson.end(generation, config.vocabularySize()));
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, String.valueOf(e.getMessage()));
        }
    }

    private LlamaConfig withEnd(List<Integer> end) {
        return new LlamaConfig(
                vocabularySize,
                hiddenSize,
                intermediateSize,
                layers,
                attention,
                rmsNormEpsilon,
                rope,
                maxPositions,
                tiedEmbeddings,
                new SpecialTokens(tokens.begin(), end, tokens.padding()));
    }

    private static void requireIn(String key, int value, int largest) {
        require(1 <= value && value <= largest, "%s must be in 1..%d, was %d".formatted(key, largest, value));
    }
}
