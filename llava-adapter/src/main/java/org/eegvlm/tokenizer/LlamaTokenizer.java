package org.eegvlm.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.eegvlm.core.MalformedDataException;

/**
 * From text to token ids and back, with the ids of the implementation that the model was trained with.
 *
 * <p>Special tokens that stand in a text by name ({@code </s>}, {@code <|eot_id|>}) become their one id. A {@code
 * chat_template} in {@code tokenizer_config.json}, or a {@code .jinja} file, is code: it is never looked at, let alone
 * run. Thread-safe.
 */
public interface LlamaTokenizer extends AutoCloseable {

    /** What an id decodes to that the tokenizer does not have. */
    String NO_PIECE = "\uFFFD";

    /**
     * The tokenizer of a model.
     *
     * <p>Of several files the first of these is taken. Where a Llama has the first two, LLaVA was trained with the
     * former ({@code use_fast=False}), and the latter need not give the same ids: made from a model that is not {@code
     * legacy}, it puts no blank before a text that begins with one.
     *
     * @param model a folder with {@code tokenizer.model}, {@code tokenizer.json}, llama2.c's {@code tokenizer.bin}, or
     *     one file like {@code tok512.bin}; or a llama2.c checkpoint with such a file of its size beside it
     * @throws IllegalArgumentException if there is no tokenizer
     * @throws MalformedDataException if a file is not what its name says
     */
    static LlamaTokenizer load(Path model) throws IOException {
        return TokenizerFiles.load(model);
    }

    /** The ids of a text that stands by itself, with {@link #bos()} before them where the tokenizer puts one. */
    int[] encode(String text);

    /** The ids of a text that follows a special token, such as the turn after {@code </s>}; without {@link #bos()}. */
    int[] encodeAfterSpecial(String text);

    /**
     * The text of ids; special tokens are left out, as is the space that the tokenizer puts before the first word.
     *
     * <p>Bytes that are no UTF-8, such as the first two of a character that three ids spell, become U+FFFD. So the
     * text of a prefix of ids need not be a prefix of their text: who shows text as it grows holds back what ends in
     * U+FFFD.
     *
     * <p>A model may have more ids than its tokenizer, whose rows fill up its matrices; an id without a piece becomes
     * U+FFFD.
     */
    String decode(int... ids);

    /** The token that begins a text; {@link #eos()} where the files name none, as GPT-2 has one for both. */
    int bos();

    /** The token that ends a text. */
    int eos();

    /** What fills rows. */
    int pad();

    /** How many ids there are. */
    int vocabularySize();

    /** The id of a special token; empty if the tokenizer has none of this name. */
    OptionalInt token(String name);

    @Override
    void close();
}
