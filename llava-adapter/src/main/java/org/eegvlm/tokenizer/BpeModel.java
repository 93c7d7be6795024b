package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The {@code model} of a {@code tokenizer.json}: byte pair encoding, the one kind that Llamas have.
 *
 * <p>Read token by token, since Llama 3 has 128 000 of them, and written anew from what was understood.
 */
final class BpeModel {

    private static final int MOST_TOKENS = 1 << 21;
    private static final int MOST_MERGES = 1 << 22;
    private static final int LONGEST_TOKEN = 4096;
    private static final String NO_PAIR = "merge %d is no pair of tokens";

    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final List<String[]> merges = new ArrayList<>();
    private final Map<String, Boolean> flags = new LinkedHashMap<>();
    private Optional<String> unknown = Optional.empty();
    private String type = "BPE"; // where files of old do not say

    private BpeModel() {}

    /**
     * @param parser at the start of the object
     * @throws IllegalArgumentException telling what is wrong in it
     */
    static BpeModel read(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "is no object");
        var model = new BpeModel();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var key = parser.currentName();
            parser.nextToken();
            model.readField(key, parser);
        }
        model.validate();
        return model;
    }

    /** The ids by token; every id from 0 up is taken once. */
    Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    /** Whether a character without a token becomes the unknown one or is spelled in bytes, and so never lost. */
    boolean losesNothing() {
        boolean spells = Boolean.TRUE.equals(flags.get("byte_fallback"))
                && IntStream.range(0, 256).allMatch(value -> vocabulary.containsKey("<0x%02X>".formatted(value)));
        return spells || unknown.isPresent();
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", "BPE");
        if (unknown.isPresent()) {
            out.writeStringField("unk_token", unknown.get());
        }
        for (var flag : flags.entrySet()) {
            out.writeBooleanField(flag.getKey(), flag.getValue());
        }
        out.writeObjectFieldStart("vocab");
        for (var token : vocabulary.entrySet()) {
            out.writeNumberField(token.getKey(), token.getValue());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("merges");
        for (var merge : merges) {
            out.writeArray(merge, 0, merge.length);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void readField(String key, JsonParser parser) throws IOException {
        var value = parser.currentToken();
        switch (key) {
            case "type" -> type = parser.getText();
            case "vocab" -> readVocabulary(parser);
            case "merges" -> readMerges(parser);
            case "unk_token" -> {
                require(value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL, "unk_token is no text");
                unknown = Optional.ofNullable(parser.getValueAsString());
            }
            case "fuse_unk", "byte_fallback", "ignore_merges" -> {
                require(value.isBoolean(), key + " is neither true nor false");
                flags.put(key, parser.getBooleanValue());
            }
            case "dropout", "continuing_subword_prefix", "end_of_word_suffix" -> {
                boolean none = value == JsonToken.VALUE_NULL
                        || (value == JsonToken.VALUE_STRING && parser.getText().isEmpty())
                        || (value.isNumeric() && parser.getDoubleValue() == 0);
                require(none, key + " is set, which no Llama has");
            }
            default -> parser.skipChildren();
        }
    }

    private void readVocabulary(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "vocab is no object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var token = parser.currentName();
            boolean number = parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
            require(number, "the id of '%s' is no whole number", shortened(token));
            require(!token.isEmpty() && token.length() <= LONGEST_TOKEN, "a token is empty or too long");
            require(vocabulary.size() < MOST_TOKENS, "more than %d tokens", MOST_TOKENS);
            long id = parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : -1;
            require(0 <= id && id < MOST_TOKENS, "the id of '%s' is out of range", shortened(token));
            boolean once = vocabulary.put(token, (int) id) == null;
            require(once, "the token '%s' stands there twice", shortened(token));
        }
    }

    private void readMerges(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, "merges is no array");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(merges.size() < MOST_MERGES, "more than %d merges", MOST_MERGES);
            merges.add(merge(parser));
        }
    }

    /** {@code "a b"}, or {@code ["a", "b"]} in files of late. */
    private String[] merge(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            var parts = parser.getText().split(" ", -1);
            require(parts.length == 2, NO_PAIR, merges.size());
            return parts;
        }
        require(parser.currentToken() == JsonToken.START_ARRAY, NO_PAIR, merges.size());
        var parts = new String[2];
        for (int i = 0; i < parts.length; i++) {
            require(parser.nextToken() == JsonToken.VALUE_STRING, NO_PAIR, merges.size());
            parts[i] = parser.getText();
        }
        require(parser.nextToken() == JsonToken.END_ARRAY, NO_PAIR, merges.size());
        return parts;
    }

    private void validate() {
        require(type.equals("BPE"), "the type '%s' is not known; Llamas have BPE", shortened(type));
        require(!vocabulary.isEmpty(), "has no vocab");
        var ids = new BitSet(vocabulary.size());
        vocabulary.values().forEach(ids::set);
        int free = ids.nextClearBit(0);
        require(
                free == vocabulary.size(),
                "%d tokens, but none with the id %d: ids must run from 0, each once",
                vocabulary.size(),
                free);
        unknown.ifPresent(name -> require(vocabulary.containsKey(name), "the unk_token is not in the vocab"));
        for (int i = 0; i < merges.size(); i++) {
            var merge = merges.get(i);
            boolean known = vocabulary.containsKey(merge[0])
                    && vocabulary.containsKey(merge[1])
                    && vocabulary.containsKey(merge[0] + merge[1]);
            require(known, "merge %d, or what it gives, is not in the vocab", i);
        }
    }

    private static String shortened(String token) {
        return token.length() <= 40 ? token : token.substring(0, 40) + "...";
    }
}
