package org.eegvlm.llava.write;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a model in transformers' layout has in its vocabulary beyond the text: {@code <image>}, which stands where a
 * patch of a picture goes, and {@code <pad>}.
 *
 * @param image id of {@code <image>}: where the text's own vocabulary ends
 * @param padding id of {@code <pad>}
 * @param rows of the embedding matrix
 */
record PictureTokens(int image, int padding, int rows) {

    static final String IMAGE = "<image>";
    static final String PADDING = "<pad>";

    /** What transformers takes where nothing is said. */
    private static final int LLAVA_IMAGE = 32000;

    /** transformers' own converter makes the number of rows a multiple of this. */
    private static final int MULTIPLE = 64;

    /**
     * As transformers' converter has them: 32000, 32001 and 32064 for LLaVA-1.5.
     *
     * @param vocabulary how many ids the tokenizer has
     * @param rows of the embedding matrix, which may have more
     */
    static PictureTokens after(int vocabulary, int rows) {
        int needed = (vocabulary + 2 + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
        return new PictureTokens(vocabulary, vocabulary + 1, Math.max(rows, needed));
    }

    /**
     * How many rows of an embedding matrix are text: those before {@code <image>}, and before {@code <pad>} where that
     * one comes first.
     *
     * @param config as transformers has it
     * @param rows of the matrix
     * @throws IllegalArgumentException if {@code <image>} stands so far before the end that words must follow it
     */
    static int textVocabulary(JsonNode config, int rows) {
        int image = config.path("image_token_index")
                .asInt(config.path("image_token_id").asInt(LLAVA_IMAGE));
        int padding = config.path("pad_token_id").asInt(-1);
        int kept = Math.min(rows, padding == image - 1 ? padding : image);
        require(
                rows - kept < 2 + MULTIPLE,
                "image_token_index %d stands among the %d words, not behind them: cutting it off would cut words",
                image,
                rows);
        return kept;
    }
}
