package org.eegvlm.tokenizer;

import static org.eegvlm.core.Preconditions.require;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;

/**
 * The tokenizer of a llama2.c model: {@code tokenizer.bin}, {@code tok512.bin}.
 *
 * <p>The file has, little-endian, the length in bytes of the longest token, and for each token its score (float), its
 * length in bytes and its bytes; unknown, begin, end and the 256 bytes are the first. A text is spelled in characters,
 * or bytes where a character has no token, behind one blank; then the neighbours whose merger has the highest score are
 * merged, the first of equals, until none can be. Names of special tokens in a text are text like any other.
 */
final class Llama2cTokenizer implements LlamaTokenizer {

    private static final int UNKNOWN = 0;
    private static final int BEGIN = 1;
    private static final int END = 2;

    /** The token of byte 0; those of the other bytes follow. */
    private static final int FIRST_BYTE = 3;

    private static final int FEWEST_TOKENS = FIRST_BYTE + 256;
    private static final int MOST_TOKENS = 1 << 21;
    private static final long LARGEST_FILE = 64 << 20;
    private static final int LONGEST_TOKEN = 1 << 16;
    private static final int LONGEST_TEXT = 1 << 15;
    private static final Pattern BYTE_TOKEN = Pattern.compile("<0x([0-9A-F]{2})>");

    /** By id; the bytes of a token as the characters of the same numbers, so that they can be looked up. */
    private final List<String> tokens = new ArrayList<>();

    private final List<Float> scores = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    private Llama2cTokenizer() {}

    /** @throws MalformedDataException naming the byte where the file is wrong */
    static Llama2cTokenizer open(Path file) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new MalformedDataException(file, "%d bytes are too many for a tokenizer".formatted(size));
        }
        var buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var tokenizer = new Llama2cTokenizer();
        try {
            tokenizer.read(buffer);
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, "byte " + buffer.position(), String.valueOf(e.getMessage()));
        }
        return tokenizer;
    }

    @Override
    public int[] encode(String text) {
        return IntStream.concat(IntStream.of(BEGIN), IntStream.of(encodeAfterSpecial(text)))
                .toArray();
    }

    @Override
    public int[] encodeAfterSpecial(String text) {
        require(text.length() <= LONGEST_TEXT, "a text of %d characters is too long", text.length());
        return text.isEmpty() ? new int[0] : merged(spelled(" " + text));
    }

    @Override
    public String decode(int... tokenIds) {
        var bytes = new ByteArrayOutputStream();
        for (int id : tokenIds) {
            if (id < 0 || id >= tokens.size()) {
                bytes.writeBytes(NO_PIECE.getBytes(StandardCharsets.UTF_8));
                continue;
            }
            var byteValue = BYTE_TOKEN.matcher(tokens.get(id));
            if (byteValue.matches()) {
                bytes.write(Integer.parseInt(byteValue.group(1), 16));
            } else if (id != BEGIN && id != END) {
                bytes.writeBytes(tokens.get(id).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        var text = bytes.toString(StandardCharsets.UTF_8);
        return text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public int bos() {
        return BEGIN;
    }

    @Override
    public int eos() {
        return END;
    }

    @Override
    public int pad() {
        return UNKNOWN;
    }

    @Override
    public int vocabularySize() {
        return tokens.size();
    }

    @Override
    public OptionalInt token(String name) {
        return switch (name) {
            case "<unk>" -> OptionalInt.of(UNKNOWN);
            case "<s>" -> OptionalInt.of(BEGIN);
            case "</s>" -> OptionalInt.of(END);
            default -> OptionalInt.empty();
        };
    }

    @Override
    public void close() {
        // holds nothing but memory
    }

    private void read(ByteBuffer buffer) {
        require(buffer.remaining() >= Integer.BYTES, "is cut off");
        int longest = buffer.getInt();
        require(0 < longest && longest <= LONGEST_TOKEN, "is no llama2.c tokenizer: its longest token has " + longest);
        while (buffer.hasRemaining()) {
            int id = tokens.size();
            require(id < MOST_TOKENS, "more than %d tokens", MOST_TOKENS);
            require(buffer.remaining() >= Float.BYTES + Integer.BYTES, "is cut off in token " + id);
            float score = buffer.getFloat();
            int length = buffer.getInt();
            require(Float.isFinite(score), "the score of token %d is no number", id);
            require(0 < length && length <= longest, "token %d has %d bytes of %d", id, length, longest);
            require(length <= buffer.remaining(), "is cut off in token " + id);
            var bytes = new byte[length];
            buffer.get(bytes);
            add(id, score, new String(bytes, StandardCharsets.ISO_8859_1));
        }
        require(tokens.size() >= FEWEST_TOKENS, "is cut off: %d tokens", tokens.size());
    }

    private void add(int id, float score, String token) {
        if (FIRST_BYTE <= id && id < FEWEST_TOKENS) {
            var wanted = "<0x%02X>".formatted(id - FIRST_BYTE);
            require(token.equals(wanted), "token %d is not %s", id, wanted);
        }
        require(ids.putIfAbsent(token, id) == null, "token %d stands there twice", id);
        tokens.add(token);
        scores.add(score);
    }

    private List<Integer> spelled(String text) {
        var spelling = new ArrayList<Integer>();
        text.codePoints().mapToObj(Character::toString).forEach(character -> {
            var bytes = character.getBytes(StandardCharsets.UTF_8);
            var id = ids.get(new String(bytes, StandardCharsets.ISO_8859_1));
            if (id != null) {
                spelling.add(id);
            } else {
                for (byte value : bytes) {
                    spelling.add(FIRST_BYTE + Byte.toUnsignedInt(value));
                }
            }
        });
        return spelling;
    }

    private int[] merged(List<Integer> spelling) {
        var row = new ArrayList<>(spelling);
        var mergers = new ArrayList<Integer>(); // what each token and the next one become, or -1
        for (int i = 0; i + 1 < row.size(); i++) {
            mergers.add(merger(row, i));
        }
        for (int best = best(mergers); best >= 0; best = best(mergers)) {
            row.set(best, mergers.remove(best));
            row.remove(best + 1);
            for (int i = Math.max(0, best - 1); i <= Math.min(best, mergers.size() - 1); i++) {
                mergers.set(i, merger(row, i));
            }
        }
        return row.stream().mapToInt(Integer::intValue).toArray();
    }

    private int merger(List<Integer> row, int at) {
        return ids.getOrDefault(tokens.get(row.get(at)) + tokens.get(row.get(at + 1)), -1);
    }

    private int best(List<Integer> mergers) {
        int best = -1;
        for (int i = 0; i < mergers.size(); i++) {
            int id = mergers.get(i);
            if (id >= 0 && (best < 0 || scores.get(id) > scores.get(mergers.get(best)))) {
                best = i;
            }
        }
        return best;
    }
}
