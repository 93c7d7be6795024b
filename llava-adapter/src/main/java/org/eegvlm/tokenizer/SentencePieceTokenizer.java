package org.eegvlm.tokenizer;

import ai.djl.sentencepiece.SpTokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;

/**
 * Llama's SentencePiece tokenizer, with the ids of transformers' {@code LlamaTokenizer}.
 *
 * <p>Tokens that were added to the model later ({@code <pad>}) are taken from the files beside it, and so is {@code
 * add_bos_token}; {@code add_eos_token} is not, for it would end a prompt. What follows a special token is encoded by the
 * rule that {@code tokenizer_config.json} names: {@code legacy} (also where the key or the file is missing) puts a
 * space before it, as before the start of a text; the newer rule does not, so that {@code </s>USER} and {@code USER}
 * alone differ. Thread-safe.
 */
final class SentencePieceTokenizer implements LlamaTokenizer {

    private static final char SPACE = '\u2581';
    private static final Pattern BYTE_PIECE = Pattern.compile("<0x([0-9A-F]{2})>");

    private final List<SentencePieceModel.Piece> pieces;
    private final Map<String, Integer> named = new HashMap<>();
    private final Pattern name;
    private final boolean legacy;
    private final boolean addsBos;
    private final SpTokenizer sentencePiece;
    private final int unknown;

    private SentencePieceTokenizer(Path file, SentencePieceModel model, TokenizerSettings settings) throws IOException {
        this.pieces = new ArrayList<>(model.pieces());
        this.legacy = settings.legacy();
        this.addsBos = settings.addsBos().orElse(true);
        this.unknown = IntStream.range(0, pieces.size())
                .filter(id -> pieces.get(id).type() == SentencePieceModel.Type.UNKNOWN)
                .findFirst()
                .orElseThrow(() -> new MalformedDataException(file, "has no piece for the unknown"));
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).type() == SentencePieceModel.Type.CONTROL || id == unknown) {
                named.put(pieces.get(id).text(), id);
            }
        }
        if (!named.containsKey("<s>") || !named.containsKey("</s>")) {
            throw new MalformedDataException(file, "has no <s> or no </s>: it is no Llama tokenizer");
        }
        for (var token : settings.added().tailMap(pieces.size()).values()) {
            add(file, token);
        }
        this.name = Pattern.compile(named.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed()) // <a> must not hide <a><b>
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
        this.sentencePiece = processor(file, legacy ? model.bytes() : model.withoutDummyPrefix());
    }

    /**
     * @param file {@code tokenizer.model}
     * @throws MalformedDataException if it is no SentencePiece model of Llama's kind
     */
    static SentencePieceTokenizer open(Path file, TokenizerSettings settings) throws IOException {
        return new SentencePieceTokenizer(file, SentencePieceModel.read(file), settings);
    }

    @Override
    public int[] encode(String text) {
        var begin = addsBos ? IntStream.of(bos()) : IntStream.empty();
        return IntStream.concat(begin, encode(text, false)).toArray();
    }

    @Override
    public int[] encodeAfterSpecial(String text) {
        return encode(text, true).toArray();
    }

    @Override
    public String decode(int... ids) {
        var bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < 0 || id >= pieces.size()) {
                bytes.writeBytes(NO_PIECE.getBytes(StandardCharsets.UTF_8));
                continue;
            }
            var piece = pieces.get(id);
            var byteValue = BYTE_PIECE.matcher(piece.text());
            if (piece.type() == SentencePieceModel.Type.BYTE && byteValue.matches()) {
                bytes.write(Integer.parseInt(byteValue.group(1), 16));
            } else if (piece.type() == SentencePieceModel.Type.UNKNOWN) {
                bytes.writeBytes(" \u2047 ".getBytes(StandardCharsets.UTF_8)); // what SentencePiece writes for it
            } else if (piece.type() != SentencePieceModel.Type.CONTROL) {
                bytes.writeBytes(piece.text().replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8));
            }
        }
        var text = bytes.toString(StandardCharsets.UTF_8);
        return text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public int bos() {
        return named.getOrDefault("<s>", unknown);
    }

    @Override
    public int eos() {
        return named.getOrDefault("</s>", unknown);
    }

    /** LLaVA takes the unknown token for it. */
    @Override
    public int pad() {
        return unknown;
    }

    @Override
    public int vocabularySize() {
        return pieces.size();
    }

    @Override
    public OptionalInt token(String name) {
        var id = named.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether a space is put before what follows a control token. */
    boolean legacy() {
        return legacy;
    }

    @Override
    public void close() {
        sentencePiece.close();
    }

    private void add(Path file, AddedToken token) throws IOException {
        if (token.id() != pieces.size() || named.put(token.content(), token.id()) != null) {
            throw new MalformedDataException(
                    file,
                    "the added token '%s' has the id %d, but %d is the next, and a name stands for one"
                            .formatted(token.content(), token.id(), pieces.size()));
        }
        var type = token.special() ? SentencePieceModel.Type.CONTROL : SentencePieceModel.Type.USER_DEFINED;
        pieces.add(new SentencePieceModel.Piece(token.content(), type));
    }

    private IntStream encode(String text, boolean afterControl) {
        var ids = IntStream.builder();
        var matcher = name.matcher(text);
        int start = 0;
        while (matcher.find()) {
            encodeChunk(text.substring(start, matcher.start()), afterControl || start > 0)
                    .forEach(ids::add);
            ids.add(named.getOrDefault(matcher.group(), unknown));
            start = matcher.end();
        }
        encodeChunk(text.substring(start), afterControl || start > 0).forEach(ids::add);
        return ids.build();
    }

    private IntStream encodeChunk(String text, boolean afterControl) {
        if (text.isEmpty()) {
            return IntStream.empty();
        }
        // The legacy model puts the space there by itself, before every chunk.
        boolean spaceIsOurs = !legacy && !afterControl;
        return IntStream.of(sentencePiece.getProcessor().encode(spaceIsOurs ? SPACE + text : text));
    }

    private static SpTokenizer processor(Path file, byte[] model) throws IOException {
        try {
            return new SpTokenizer(model);
        } catch (RuntimeException e) { // what DJL throws for any error of the native library
            throw new MalformedDataException(file, "SentencePiece does not take it: " + e.getMessage());
        }
    }
}
