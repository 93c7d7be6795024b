package org.eegvlm.llava.write;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a {@code tokenizer.model}: the protocol buffer {@code ModelProto} of SentencePiece, with the settings of Llama
 * (BPE, byte fallback, a blank put before every text, nothing normalised).
 */
final class SentencePieceFile {

    static final int UNKNOWN_ID = 0;
    static final int BEGIN_ID = 1;
    static final int END_ID = 2;

    private static final int BPE = 2;
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FLOAT = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private SentencePieceFile() {}

    /** The kinds of pieces, by their numbers in the format. */
    enum Kind {
        NORMAL(1),
        UNKNOWN(2),
        CONTROL(3),
        BYTE(6);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /** @param score of two possible merges the one with the higher score comes first */
    record Piece(String text, float score, Kind kind) {}

    /** @param pieces by id; 0 to 2 are unknown, begin and end */
    static byte[] of(List<Piece> pieces) {
        var model = new SentencePieceFile();
        for (var piece : pieces) {
            var entry = new SentencePieceFile();
            entry.text(1, piece.text());
            entry.number(2, piece.score());
            entry.integer(3, piece.kind().number);
            model.message(1, entry);
        }
        model.message(2, trainer(pieces.size()));
        model.message(3, normalizer());
        return model.out.toByteArray();
    }

    private static SentencePieceFile trainer(int vocabularySize) {
        var spec = new SentencePieceFile();
        spec.integer(3, BPE);
        spec.integer(4, vocabularySize);
        spec.integer(35, 1); // byte_fallback
        spec.integer(40, UNKNOWN_ID);
        spec.integer(41, BEGIN_ID);
        spec.integer(42, END_ID);
        spec.integer(43, -1); // pad_id: none
        return spec;
    }

    private static SentencePieceFile normalizer() {
        var spec = new SentencePieceFile();
        spec.text(1, "identity");
        spec.integer(3, 1); // add_dummy_prefix
        spec.integer(4, 0); // remove_extra_whitespaces
        spec.integer(5, 1); // escape_whitespaces
        return spec;
    }

    private void text(int field, String value) {
        bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private void message(int field, SentencePieceFile value) {
        bytes(field, value.out.toByteArray());
    }

    private void bytes(int field, byte[] value) {
        varint(field << 3 | BYTES);
        varint(value.length);
        out.writeBytes(value);
    }

    private void number(int field, float value) {
        varint(field << 3 | FLOAT);
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
    }

    private void integer(int field, long value) {
        varint(field << 3 | VARINT);
        varint(value);
    }

    /** Seven bits a byte, the lowest first; a set top bit says that more follow. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
