package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * A {@code tokenizer.json}, checked before the native library sees it.
 *
 * <p>The library ends the process where it meets what it did not expect. So it is not given the file, but a text
 * written anew from what was read, known and in bounds: the byte pair encoding, the steps before and after it, the
 * added tokens. Padding and truncation are left out, and so is the {@code post_processor}: the tokens that it puts in
 * front are put there by {@link JsonTokenizer}.
 */
final class TokenizerJson {

    private static final long LARGEST_FILE = 64 << 20;
    private static final int MOST_ADDED = 1 << 16;
    /** Tokens are keys here: a hundred thousand names, each of which is seen once and not worth remembering. */
    private static final JsonFactory FACTORY = Json.MAPPER
            .getFactory()
            .rebuild()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final ObjectReader PART =
            Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> STEPS =
            List.of("added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder");

    private final Map<String, JsonNode> parts = new HashMap<>();
    private final TreeMap<Integer, AddedToken> added = new TreeMap<>();
    private final Map<String, Integer> addedIds = new HashMap<>();
    private Optional<BpeModel> model = Optional.empty();

    private TokenizerJson() {}

    /** @throws MalformedDataException telling which part of the file is not taken, and why */
    static TokenizerJson read(Path file, TokenizerSettings settings) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new MalformedDataException(file, "%d bytes are too many for a tokenizer".formatted(size));
        }
        var json = new TokenizerJson();
        try (var parser = FACTORY.createParser(Files.readString(file))) {
            json.readParts(file, parser);
        } catch (CharacterCodingException e) {
            throw new MalformedDataException(file, "is not UTF-8 text");
        } catch (JsonProcessingException e) {
            throw new MalformedDataException(file, String.valueOf(e.getOriginalMessage()));
        } catch (CharConversionException e) {
            throw new MalformedDataException(file, "is not UTF-8 text");
        }
        in(file, "added_tokens", () -> json.readAdded(settings));
        in(file, "model", json::requireNothingLost);
        return json;
    }

    /** How many ids there are. */
    int vocabularySize() {
        int tokens = bpe().vocabulary().size();
        return added.isEmpty() ? tokens : Math.max(tokens, added.lastKey() + 1);
    }

    /** The id of a token of this text, added or not. */
    Optional<Integer> id(String token) {
        return Optional.ofNullable(
                addedIds.containsKey(token)
                        ? addedIds.get(token)
                        : bpe().vocabulary().get(token));
    }

    Map<String, Integer> addedIds() {
        return Map.copyOf(addedIds);
    }

    /** The ids that the {@code post_processor} puts before a text. */
    int[] before(Path file) throws IOException {
        var ids = new ArrayList<Integer>();
        in(file, "post_processor", () -> addBefore(part("post_processor"), ids));
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What the native library is given. */
    String checked(Path file) throws IOException {
        var text = new StringWriter();
        try (var out = Json.MAPPER.getFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("version", "1.0");
            out.writeArrayFieldStart("added_tokens");
            for (var token : added.values()) {
                out.writePOJO(Map.of(
                        "id", token.id(),
                        "content", token.content(),
                        "special", token.special(),
                        "normalized", token.normalized(),
                        "lstrip", token.leftStrip(),
                        "rstrip", token.rightStrip(),
                        "single_word", token.singleWord()));
            }
            out.writeEndArray();
            writeStep(file, "normalizer", TokenizerSteps.NORMALIZER, out);
            writeStep(file, "pre_tokenizer", TokenizerSteps.PRE_TOKENIZER, out);
            writeStep(file, "decoder", TokenizerSteps.DECODER, out);
            out.writeFieldName("model");
            bpe().write(out);
            out.writeEndObject();
        }
        return text.toString();
    }

    private void writeStep(Path file, String name, TokenizerSteps steps, JsonGenerator out) throws IOException {
        try {
            out.writeFieldName(name);
            out.writeTree(steps.checked(part(name)));
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, name, String.valueOf(e.getMessage()));
        }
    }

    private void readParts(Path file, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedDataException(file, "is no JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var key = parser.currentName();
            parser.nextToken();
            if (key.equals("model")) {
                try {
                    model = Optional.of(BpeModel.read(parser));
                } catch (IllegalArgumentException e) {
                    throw new MalformedDataException(file, "model", String.valueOf(e.getMessage()));
                }
            } else if (STEPS.contains(key)) {
                parts.put(key, PART.readTree(parser));
            } else {
                parser.skipChildren();
            }
        }
        if (model.isEmpty() || parser.nextToken() != null) {
            throw new MalformedDataException(file, "has no model, or goes on behind its end");
        }
    }

    private void readAdded(TokenizerSettings settings) {
        for (var node : part("added_tokens")) {
            require(node.path("id").canConvertToInt() && node.path("id").isInt(), "a token has no id");
            add(AddedToken.read(node.path("id").asInt(), node));
        }
        settings.added().values().stream()
                .filter(token -> !addedIds.containsKey(token.content()))
                .forEach(this::add);
        for (var name : settings.names().values()) {
            var id = bpe().vocabulary().get(name);
            if (id != null && !addedIds.containsKey(name)) {
                add(AddedToken.special(id, name));
            }
        }
        // The library numbers new tokens by itself, in order and without gaps.
        int next = bpe().vocabulary().size();
        for (int id : added.tailMap(next).keySet()) {
            require(id == next++, "no token has the id %d, but one has %d", next - 1, id);
        }
    }

    private void add(AddedToken token) {
        require(added.size() < MOST_ADDED, "more than %d tokens", MOST_ADDED);
        boolean once = added.put(token.id(), token) == null && addedIds.put(token.content(), token.id()) == null;
        require(once, "'%s' or its id %d stands there twice", token.content(), token.id());
        var known = bpe().vocabulary().get(token.content());
        boolean agrees = known == null ? token.id() >= bpe().vocabulary().size() : known == token.id();
        require(agrees, "'%s' has the id %d, but not in the vocabulary", token.content(), token.id());
    }

    /** The library drops a character that has no token. */
    private void requireNothingLost() {
        boolean bytes = TokenizerSteps.has(part("pre_tokenizer"), "ByteLevel");
        require(
                bytes ? ByteAlphabet.isWholeIn(bpe().vocabulary().keySet()) : bpe().losesNothing(),
                "a text would lose characters: the vocab has not every byte, and there is no unk_token");
    }

    private void addBefore(JsonNode processor, List<Integer> ids) {
        var type = processor.path("type").asText();
        switch (type) {
            case "", "ByteLevel" -> {} // nothing, or something about places in the text
            case "Sequence" -> processor.path("processors").forEach(inner -> addBefore(inner, ids));
            case "TemplateProcessing" -> {
                require(processor.path("single").isArray(), "has no single template");
                StreamSupport.stream(processor.path("single").spliterator(), false)
                        .takeWhile(piece -> !piece.has("Sequence"))
                        .forEach(piece -> addTemplated(processor, piece, ids));
            }
            default -> throw new IllegalArgumentException("the type '%s' is not known".formatted(type));
        }
    }

    private void addTemplated(JsonNode processor, JsonNode piece, List<Integer> ids) {
        var name = piece.path("SpecialToken").path("id").asText();
        var named = processor.path("special_tokens").path(name).path("ids");
        require(named.isArray(), "has no ids for the special token '%s'", name);
        named.forEach(id -> ids.add(checkedId(id)));
    }

    private int checkedId(JsonNode id) {
        require(id.isInt() && 0 <= id.asInt() && id.asInt() < vocabularySize(), "no token has the id " + id);
        return id.asInt();
    }

    private BpeModel bpe() {
        return model.orElseThrow();
    }

    private JsonNode part(String name) {
        return Objects.requireNonNullElse(parts.get(name), MissingNode.getInstance());
    }

    private static void in(Path file, String part, Runnable body) throws IOException {
        try {
            body.run();
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, part, String.valueOf(e.getMessage()));
        }
    }
}
