package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Utils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.eegvlm.core.MalformedDataException;

/**
 * The tokenizer of a {@code tokenizer.json}, with the ids of transformers' {@code PreTrainedTokenizerFast}: Llama 3's
 * byte-level one, or Llama 2's with its prefix rules in the file.
 *
 * <p>What begins a text is what the file's {@code post_processor} says or, for Llama's own tokenizer classes, {@code
 * add_bos_token} (true where nothing is said). What would be put behind a text is left out, for it would end a prompt.
 * {@code decode} is the library's, without the clean-up of blanks before signs that {@code
 * clean_up_tokenization_spaces} asks for: it would change answers.
 *
 * <p>The native library lies in DJL's jar. With a GPU at hand DJL would download another one, and on Amazon's machines
 * it counts its users, unless told not to: this class tells it, and so does {@code -Dai.djl.offline=true}.
 */
final class JsonTokenizer implements LlamaTokenizer {

    /** What begins and ends texts where no file says so. */
    private static final List<String> BEGIN_NAMES = List.of("<s>", "<|begin_of_text|>", "<|endoftext|>");

    private static final List<String> END_NAMES = List.of("</s>", "<|end_of_text|>", "<|endoftext|>");
    private static final int LONGEST_TEXT = 1 << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final Map<String, Integer> addedIds;
    private final int vocabularySize;
    private final int[] before;
    private final int begin;
    private final int end;
    private final int padding;
    private final String endName;

    private JsonTokenizer(Path file, TokenizerJson json, TokenizerSettings settings) throws IOException {
        this.addedIds = json.addedIds();
        this.vocabularySize = json.vocabularySize();
        this.endName = name(json, settings, "eos_token", END_NAMES);
        this.end = named(file, json, "eos_token", endName);
        var beginName = name(json, settings, "bos_token", BEGIN_NAMES);
        this.begin = beginName.isEmpty() ? end : named(file, json, "bos_token", beginName);
        this.padding = settings.name("pad_token")
                .or(() -> settings.name("unk_token"))
                .flatMap(json::id)
                .or(() -> json.id("<unk>"))
                .orElse(end);
        this.before = settings.llamaClass()
                ? (settings.addsBos().orElse(true) ? new int[] {begin} : new int[0])
                : json.before(file);
        this.tokenizer = nativeTokenizer(file, json.checked(file));
    }

    /** @throws MalformedDataException naming the part of the file that is wrong, or not known here */
    static JsonTokenizer open(Path file, TokenizerSettings settings) throws IOException {
        return new JsonTokenizer(file, TokenizerJson.read(file, settings), settings);
    }

    @Override
    public int[] encode(String text) {
        return IntStream.concat(Arrays.stream(before), Arrays.stream(ids(text))).toArray();
    }

    /** Encoded behind the end token, since it is the file that says what happens there. */
    @Override
    public int[] encodeAfterSpecial(String text) {
        var ids = ids(endName + text);
        return Arrays.copyOfRange(ids, 1, ids.length);
    }

    @Override
    public String decode(int... ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabularySize) {
                return decode(Arrays.copyOf(ids, i)) + NO_PIECE + decode(Arrays.copyOfRange(ids, i + 1, ids.length));
            }
        }
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
    }

    @Override
    public int bos() {
        return begin;
    }

    @Override
    public int eos() {
        return end;
    }

    /** The file's own, else the unknown token, as LLaVA takes it. */
    @Override
    public int pad() {
        return padding;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public OptionalInt token(String name) {
        var id = addedIds.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private int[] ids(String text) {
        require(text.length() <= LONGEST_TEXT, "a text of %d characters is too long", text.length());
        return LongStream.of(tokenizer.encode(text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** The token that plays a role; empty if nobody says, and none of the usual names is there. */
    private static String name(TokenizerJson json, TokenizerSettings settings, String role, List<String> usual) {
        return settings.name(role)
                .orElseGet(() -> usual.stream()
                        .filter(name -> json.addedIds().containsKey(name))
                        .findFirst()
                        .orElse(""));
    }

    private static int named(Path file, TokenizerJson json, String role, String name) throws IOException {
        var id = json.addedIds().get(name);
        if (id == null) {
            throw new MalformedDataException(
                    file, "has no token '%s' for the %s; name one in tokenizer_config.json".formatted(name, role));
        }
        return id;
    }

    private static HuggingFaceTokenizer nativeTokenizer(Path file, String json) throws IOException {
        stayOffline("RUST_FLAVOR", "cpu");
        stayOffline("OPT_OUT_TRACKING", "true");
        var options = Map.of("truncation", "false", "padding", "false");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options);
        } catch (RuntimeException e) { // what DJL throws for any error of the native library
            throw new MalformedDataException(file, "the tokenizers library does not take it: " + e.getMessage());
        }
    }

    private static void stayOffline(String setting, String value) {
        if (!Utils.isOfflineMode() && Utils.getEnvOrSystemProperty(setting) == null) {
            System.setProperty(setting, value);
        }
    }
}
