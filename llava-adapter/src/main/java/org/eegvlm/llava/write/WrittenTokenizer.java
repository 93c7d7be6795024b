package org.eegvlm.llava.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.checkpoint.Checkpoint;
import org.eegvlm.checkpoint.FolderFiles;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/**
 * The tokenizer of a model folder that is being written: copied as it is, then with the tokens that transformers'
 * layout needs, or without them.
 *
 * <p>{@code tokenizer.model} is never changed: added tokens stand beside it.
 */
record WrittenTokenizer(Path folder) {

    private static final String LLAMA2C = "tokenizer.bin";
    private static final String WORDS = "tokenizer.json";
    private static final String SETTINGS = "tokenizer_config.json";
    private static final String SPECIAL = "special_tokens_map.json";
    private static final String ADDED = "added_tokens.json";
    private static final String GENERATION = "generation_config.json";

    private static final List<String> ALL = List.of(
            "tokenizer.model",
            LLAMA2C,
            WORDS,
            SETTINGS,
            SPECIAL,
            ADDED,
            GENERATION,
            "chat_template.jinja",
            "chat_template.json");

    private static final String DECODER = "added_tokens_decoder";
    private static final String IN_WORDS = "added_tokens";
    private static final String PAD = "pad_token";
    private static final String IMAGE = "image_token";
    private static final String UNKNOWN = "unk_token";

    /** What a reader of transformers' layout needs to know besides: where the picture's token is. */
    private static final String PROCESSOR = "processor_class";

    private static final String EXTRA = "extra_special_tokens";

    /** Copies the tokenizer of a model, as far as it has one. */
    static WrittenTokenizer copy(Checkpoint from, Path to) throws IOException {
        if (Files.isRegularFile(from.path())) {
            copyOfLlama2c(from, to);
        } else {
            for (var name : ALL) {
                copy(from.folder().resolve(name), to.resolve(name));
            }
        }
        return new WrittenTokenizer(to);
    }

    /** Its checkpoints lie many in a folder; the tokenizer of each is named after the size of its vocabulary. */
    private static void copyOfLlama2c(Checkpoint from, Path to) throws IOException {
        var words = from.config().path("vocab_size").asInt();
        var own = from.folder().resolve("tok%d.bin".formatted(words));
        copy(Files.isRegularFile(own) ? own : from.folder().resolve(LLAMA2C), to.resolve(LLAMA2C));
    }

    private static void copy(Path from, Path to) throws IOException {
        // A link may lead out of a folder that comes from strangers: what it names must not be passed on.
        var file = FolderFiles.open(from.resolveSibling("").toAbsolutePath()).file(String.valueOf(from.getFileName()));
        if (file.isPresent()) {
            Files.copy(file.get(), to);
        }
    }

    /** Teaches it {@code <image>} and {@code <pad>}. */
    void add(PictureTokens tokens) throws IOException {
        var settings = object(SETTINGS);
        nameSpecial(settings);
        settings.put(PROCESSOR, "LlavaProcessor");
        settings.putObject(EXTRA).put(IMAGE, PictureTokens.IMAGE);
        var decoder = settings.withObjectProperty(DECODER);
        decoder.set(String.valueOf(tokens.image()), token(PictureTokens.IMAGE));
        decoder.set(String.valueOf(tokens.padding()), token(PictureTokens.PADDING));
        Json.write(folder.resolve(SETTINGS), settings);

        var special = object(SPECIAL);
        nameSpecial(special);
        Json.write(folder.resolve(SPECIAL), special);

        var added = object(ADDED);
        added.put(PictureTokens.IMAGE, tokens.image());
        added.put(PictureTokens.PADDING, tokens.padding());
        Json.write(folder.resolve(ADDED), added);

        if (has(WORDS)) {
            var words = object(WORDS);
            var list = words.withArrayProperty(IN_WORDS);
            list.addObject().put("id", tokens.image()).setAll(token(PictureTokens.IMAGE));
            list.addObject().put("id", tokens.padding()).setAll(token(PictureTokens.PADDING));
            Json.write(folder.resolve(WORDS), words);
        }
        setPadding(tokens.padding());
    }

    /** Lets it forget all tokens from an id on; what filled rows becomes the unknown token, as in LLaVA-1.5. */
    void removeFrom(int firstId) throws IOException {
        if (has(SETTINGS)) {
            var settings = object(SETTINGS);
            settings.withObjectProperty(DECODER).properties().removeIf(entry -> number(entry.getKey()) >= firstId);
            settings.remove(List.of(PROCESSOR, EXTRA));
            forgetSpecial(settings);
            Json.write(folder.resolve(SETTINGS), settings);
        }
        if (has(SPECIAL)) {
            var special = object(SPECIAL);
            forgetSpecial(special);
            Json.write(folder.resolve(SPECIAL), special);
        }
        if (has(ADDED)) {
            var added = object(ADDED);
            added.properties().removeIf(entry -> entry.getValue().asInt() >= firstId);
            Json.write(folder.resolve(ADDED), added);
        }
        if (has(WORDS)) {
            var words = object(WORDS);
            remove(words.withArrayProperty(IN_WORDS), firstId);
            Json.write(folder.resolve(WORDS), words);
        }
        setPadding(0);
    }

    private void setPadding(int id) throws IOException {
        if (has(GENERATION)) {
            var generation = object(GENERATION);
            generation.put("pad_token_id", id);
            Json.write(folder.resolve(GENERATION), generation);
        }
    }

    private static void nameSpecial(ObjectNode json) {
        json.put(PAD, PictureTokens.PADDING);
        json.put(IMAGE, PictureTokens.IMAGE);
    }

    private static void forgetSpecial(ObjectNode json) {
        json.remove(IMAGE);
        if (word(json.path(PAD)).equals(PictureTokens.PADDING)) {
            json.remove(PAD);
            if (json.has(UNKNOWN)) {
                json.set(PAD, json.get(UNKNOWN));
            }
        }
    }

    /** A special token is named by its text, or by an object that has it as content. */
    private static String word(JsonNode token) {
        return token.isObject() ? token.path("content").asText() : token.asText();
    }

    private static void remove(ArrayNode tokens, int firstId) {
        for (int i = tokens.size() - 1; i >= 0; i--) {
            if (tokens.get(i).path("id").asInt() >= firstId) {
                tokens.remove(i);
            }
        }
    }

    private static int number(String key) {
        try {
            return Integer.parseInt(key);
        } catch (NumberFormatException e) {
            return -1; // not an id: left as it is
        }
    }

    private static ObjectNode token(String content) {
        return Json.MAPPER
                .createObjectNode()
                .put("content", content)
                .put("lstrip", false)
                .put("normalized", false)
                .put("rstrip", false)
                .put("single_word", false)
                .put("special", true);
    }

    private boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    /** A file's content; an empty object where there is no such file. */
    private ObjectNode object(String name) throws IOException {
        if (!has(name)) {
            return Json.MAPPER.createObjectNode();
        }
        if (Json.readTree(folder.resolve(name)) instanceof ObjectNode json) {
            return json;
        }
        throw new MalformedDataException(folder.resolve(name), "holds no object");
    }
}
