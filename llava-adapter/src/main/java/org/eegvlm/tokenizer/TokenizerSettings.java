package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * What stands beside a tokenizer in {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code
 * added_tokens.json}; each may be missing. Everything else in them, such as {@code chat_template}, is ignored.
 *
 * @param names the special tokens by role ({@code bos_token}); the first file has the last word
 * @param legacy the rule for what follows a special token; see {@link SentencePieceTokenizer}
 * @param addsBos whether texts begin with the begin token, where the file says so
 * @param llamaClass whether the tokenizer class is Llama's own, which begins texts by {@code addsBos} alone
 * @param added by id
 */
record TokenizerSettings(
        Map<String, String> names,
        boolean legacy,
        Optional<Boolean> addsBos,
        boolean llamaClass,
        TreeMap<Integer, AddedToken> added) {

    private static final long LARGEST_FILE = 16 << 20;
    private static final List<String> ROLES = List.of("bos_token", "eos_token", "unk_token", "pad_token");
    private static final Set<String> LLAMA_CLASSES =
            Set.of("LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast");

    /** What Llama's own classes call their tokens where no file says. */
    private static final Map<String, String> LLAMA_NAMES =
            Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");

    static TokenizerSettings read(FolderFiles folder) throws IOException {
        var names = new HashMap<String, String>();
        var added = new TreeMap<Integer, AddedToken>();
        in(folder, "special_tokens_map.json", map -> addNames(map, names));
        in(
                folder,
                "added_tokens.json",
                ids -> ids.properties()
                        .forEach(entry -> put(added, AddedToken.special(id(entry.getValue()), entry.getKey()))));
        var config = in(folder, "tokenizer_config.json", settings -> {
            addNames(settings, names);
            settings.path("added_tokens_decoder")
                    .properties()
                    .forEach(entry -> put(added, AddedToken.read(id(entry.getKey()), entry.getValue())));
            flag(settings, "legacy");
            flag(settings, "add_bos_token");
        });
        boolean llamaClass =
                LLAMA_CLASSES.contains(config.path("tokenizer_class").asText());
        if (llamaClass) {
            LLAMA_NAMES.forEach(names::putIfAbsent);
        }
        return new TokenizerSettings(
                names, flag(config, "legacy").orElse(true), flag(config, "add_bos_token"), llamaClass, added);
    }

    Optional<String> name(String role) {
        return Optional.ofNullable(names.get(role));
    }

    /** Reads a file, if it is there, and lets its errors name it. */
    private static JsonNode in(FolderFiles folder, String name, Consumer<JsonNode> body) throws IOException {
        var file = folder.file(name);
        if (file.isEmpty()) {
            return Json.MAPPER.createObjectNode();
        }
        var tree = folder.json(name, LARGEST_FILE);
        try {
            require(tree.isObject(), "is no JSON object");
            body.accept(tree);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file.get(), String.valueOf(e.getMessage()));
        }
        return tree;
    }

    /** A name stands by itself or as the content of an added token. */
    private static void addNames(JsonNode config, Map<String, String> names) {
        for (var role : ROLES) {
            var value = config.path(role).isObject() ? config.path(role).path("content") : config.path(role);
            require(value.isMissingNode() || value.isNull() || value.isTextual(), role + " is no text");
            if (value.isTextual()) {
                names.put(role, value.asText());
            }
        }
    }

    private static Optional<Boolean> flag(JsonNode config, String key) {
        var value = config.path(key);
        require(value.isMissingNode() || value.isNull() || value.isBoolean(), key + " is neither true nor false");
        return value.isBoolean() ? Optional.of(value.asBoolean()) : Optional.empty();
    }

    private static int id(JsonNode value) {
        require(value.canConvertToInt() && value.isIntegralNumber(), "'%s' is no token id", value);
        return value.asInt();
    }

    private static int id(String text) {
        require(text.matches("\\d{1,7}"), "'%s' is no token id", text);
        return Integer.parseInt(text);
    }

    private static void put(Map<Integer, AddedToken> added, AddedToken token) {
        var other = added.put(token.id(), token);
        require(
                other == null || other.content().equals(token.content()),
                "the id %d is that of two tokens",
                token.id());
    }
}
