package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A token that is found in a text by its name, before anything else is done to the text.
 *
 * @param special whether {@link LlamaTokenizer#decode} leaves it out
 * @param normalized whether it is looked for in the normalised text
 * @param leftStrip whether it takes the blanks before it, {@code rightStrip} those behind it
 * @param singleWord whether it is only seen between blanks or signs
 */
record AddedToken(
        int id,
        String content,
        boolean special,
        boolean normalized,
        boolean leftStrip,
        boolean rightStrip,
        boolean singleWord) {

    private static final int LONGEST = 512;

    AddedToken {
        require(id >= 0, "token '%s' has the id %d", content, id);
        require(!content.isEmpty() && content.length() <= LONGEST, "token %d has no name, or too long a one", id);
    }

    static AddedToken special(int id, String content) {
        return new AddedToken(id, content, true, false, false, false, false);
    }

    /** @throws IllegalArgumentException if a field has the wrong type */
    static AddedToken read(int id, JsonNode node) {
        require(node.path("content").isTextual(), "token %d has no content", id);
        return new AddedToken(
                id,
                node.path("content").asText(),
                flag(node, "special"),
                flag(node, "normalized"),
                flag(node, "lstrip"),
                flag(node, "rstrip"),
                flag(node, "single_word"));
    }

    private static boolean flag(JsonNode node, String key) {
        var value = node.path(key);
        require(value.isMissingNode() || value.isBoolean(), key + " is neither true nor false");
        return value.asBoolean();
    }
}
