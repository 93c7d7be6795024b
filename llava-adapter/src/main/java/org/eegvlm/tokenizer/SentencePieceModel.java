package org.eegvlm.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eegvlm.core.MalformedDataException;

/**
 * The pieces of a SentencePiece {@code tokenizer.model}, a protocol buffer {@code ModelProto}.
 *
 * <p>The file is walked here before the native library sees it: what the library would crash on is refused with the
 * byte where it stands.
 */
final class SentencePieceModel {

    /** Field numbers of {@code ModelProto} and {@code SentencePiece}. */
    private static final int PIECES = 1;

    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;
    private static final int DENORMALIZER = 5;

    private static final int PIECE_TEXT = 1;
    private static final int PIECE_SCORE = 2;
    private static final int PIECE_TYPE = 3;

    private static final int TRAINER_MODEL_TYPE = 3;
    private static final int BPE = 2;
    private static final int NORMALIZER_CHARACTER_MAP = 2;

    /** Wire types of protocol buffers. */
    private static final int VARINT = 0;

    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private static final long LARGEST_FILE = 64 << 20;
    private static final int MOST_PIECES = 1 << 21;

    /** {@code ModelProto.normalizer_spec { add_dummy_prefix: false }}; appended, it overrides what stands before. */
    private static final byte[] WITHOUT_DUMMY_PREFIX = {0x1A, 2, 0x18, 0};

    /** What a piece is. */
    enum Type {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    record Piece(String text, Type type) {}

    private final Path file;
    private final byte[] bytes;
    private final List<Piece> pieces = new ArrayList<>();
    private final Set<String> texts = new HashSet<>();
    private long modelType;

    private SentencePieceModel(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    static SentencePieceModel read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("no tokenizer " + file);
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new MalformedDataException(file, "%d bytes are too many for a tokenizer".formatted(size));
        }
        var model = new SentencePieceModel(file, Files.readAllBytes(file));
        model.parse();
        return model;
    }

    List<Piece> pieces() {
        return pieces;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** The same model, which puts no space before a text. */
    byte[] withoutDummyPrefix() {
        return ByteBuffer.allocate(bytes.length + WITHOUT_DUMMY_PREFIX.length)
                .put(bytes)
                .put(WITHOUT_DUMMY_PREFIX)
                .array();
    }

    private void parse() throws IOException {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int tag = tag(buffer);
            boolean message = (tag & 7) == LENGTH_DELIMITED;
            if (tag >>> 3 == PIECES && message) {
                pieces.add(piece(message(buffer)));
            } else if (tag >>> 3 == TRAINER && message) {
                readTrainer(message(buffer));
            } else if ((tag >>> 3 == NORMALIZER || tag >>> 3 == DENORMALIZER) && message) {
                checkNormalizer(message(buffer));
            } else {
                skip(buffer, tag & 7);
            }
            if (pieces.size() > MOST_PIECES) {
                throw malformed(buffer, "more than %d pieces".formatted(MOST_PIECES));
            }
        }
        if (pieces.isEmpty()) {
            throw new MalformedDataException(file, "is no SentencePiece model: it has no pieces");
        }
        if (modelType != BPE) {
            throw new MalformedDataException(file, "is no byte pair encoding, as Llama's is: model type " + modelType);
        }
    }

    private void readTrainer(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            int tag = tag(buffer);
            if (tag == (TRAINER_MODEL_TYPE << 3 | VARINT)) {
                modelType = varint(buffer);
            } else {
                skip(buffer, tag & 7);
            }
        }
    }

    /** A map of characters is a table that the library walks without looking at its ends; Llama's is empty. */
    private void checkNormalizer(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            int tag = tag(buffer);
            if (tag == (NORMALIZER_CHARACTER_MAP << 3 | LENGTH_DELIMITED)) {
                if (message(buffer).hasRemaining()) {
                    throw malformed(buffer, "has a map of characters, which Llama's has not and is not taken");
                }
            } else {
                skip(buffer, tag & 7);
            }
        }
    }

    private Piece piece(ByteBuffer buffer) throws IOException {
        var text = "";
        var type = Type.NORMAL;
        while (buffer.hasRemaining()) {
            int tag = tag(buffer);
            if (tag == (PIECE_TEXT << 3 | LENGTH_DELIMITED)) {
                text = text(buffer);
            } else if (tag == (PIECE_SCORE << 3 | FIXED_32)) {
                if (!Float.isFinite(take(buffer, Float.BYTES).getFloat())) {
                    throw malformed(buffer, "the score of piece %d is no number".formatted(pieces.size()));
                }
            } else if (tag == (PIECE_TYPE << 3 | VARINT)) {
                long number = varint(buffer);
                if (number < 1 || number > Type.values().length) {
                    throw malformed(buffer, "piece type %d is not known".formatted(number));
                }
                type = Type.values()[(int) number - 1];
            } else {
                skip(buffer, tag & 7);
            }
        }
        if (text.isEmpty() || !texts.add(text)) {
            throw malformed(buffer, "piece %d is empty, or stands there twice".formatted(pieces.size()));
        }
        return new Piece(text, type);
    }

    private String text(ByteBuffer buffer) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(message(buffer)).toString();
        } catch (CharacterCodingException e) {
            throw malformed(buffer, "piece %d is not UTF-8".formatted(pieces.size()));
        }
    }

    private int tag(ByteBuffer buffer) throws IOException {
        long tag = varint(buffer);
        if (tag < 1 << 3 || tag > Integer.MAX_VALUE) {
            throw malformed(buffer, "is no SentencePiece model: field tag " + tag);
        }
        return (int) tag;
    }

    private void skip(ByteBuffer buffer, int wireType) throws IOException {
        switch (wireType) {
            case VARINT -> varint(buffer);
            case FIXED_64 -> take(buffer, Long.BYTES);
            case LENGTH_DELIMITED -> message(buffer);
            case FIXED_32 -> take(buffer, Integer.BYTES);
            default -> throw malformed(buffer, "is no SentencePiece model: wire type " + wireType);
        }
    }

    private ByteBuffer message(ByteBuffer buffer) throws IOException {
        return take(buffer, varint(buffer));
    }

    /** The next {@code length} bytes; they keep their positions in the file, for messages. */
    private ByteBuffer take(ByteBuffer buffer, long length) throws IOException {
        if (length < 0 || length > buffer.remaining()) {
            throw malformed(buffer, "is cut off: %d bytes are announced".formatted(length));
        }
        int end = buffer.position() + (int) length;
        var taken = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(end);
        buffer.position(end);
        return taken;
    }

    private long varint(ByteBuffer buffer) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!buffer.hasRemaining()) {
                throw malformed(buffer, "is cut off");
            }
            byte next = buffer.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed(buffer, "is no SentencePiece model: a number has too many bytes");
    }

    private MalformedDataException malformed(ByteBuffer buffer, String problem) {
        return new MalformedDataException(file, "byte " + buffer.position(), problem);
    }
}
