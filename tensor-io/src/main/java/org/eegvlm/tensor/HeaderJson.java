package org.eegvlm.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of JSON that a safetensors header uses: objects, arrays, strings and whole numbers. Depth, keys and array
 * length are bounded; whatever else JSON has is refused. It is read from its bytes, UTF-8, as a header may have 100 MB.
 *
 * <p>Values are {@code Map<String, Object>}, {@code List<Object>}, {@code String} and {@code Long}.
 */
final class HeaderJson {

    private static final int MAX_DEPTH = 4;
    private static final int MAX_DIGITS = 20;

    /** The largest models known have some ten thousand tensors in a file. */
    private static final int MAX_KEYS = 200_000;

    private final byte[] text;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private int at;

    private HeaderJson(byte[] text) {
        this.text = text;
    }

    /** @throws Refused if the text is anything but one object, with blanks around it */
    static Map<String, Object> object(byte[] text) {
        var json = new HeaderJson(text);
        if (json.peek() != '{') {
            throw json.refused("expected '{'");
        }
        var object = json.object(1);
        json.skipBlanks();
        if (json.at < text.length) {
            throw json.refused("text after the header's end");
        }
        return object;
    }

    static String quote(String value) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw refused("nested deeper than a header is");
        }
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        var object = new LinkedHashMap<String, Object>();
        expect('{');
        if (peek() == '}') {
            at++;
            return object;
        }
        do {
            peek();
            var key = string();
            expect(':');
            if (object.size() == MAX_KEYS) {
                throw refused("an object of more than %d keys".formatted(MAX_KEYS));
            }
            if (object.put(key, value(depth + 1)) != null) {
                throw refused("the key '%s' stands twice".formatted(key));
            }
        } while (more('}'));
        return object;
    }

    private List<Object> array(int depth) {
        var array = new ArrayList<>();
        expect('[');
        if (peek() == ']') {
            at++;
            return array;
        }
        do {
            if (array.size() == Shapes.MAX_DIMENSIONS) {
                throw refused("an array of more than %d numbers".formatted(Shapes.MAX_DIMENSIONS));
            }
            array.add(value(depth + 1));
        } while (more(']'));
        return array;
    }

    private boolean more(char end) {
        char c = peek();
        if (c != ',' && c != end) {
            throw refused("expected ',' or '%s'".formatted(end));
        }
        at++;
        return c == ',';
    }

    private String string() {
        if (at == text.length || text[at] != '"') {
            throw refused("expected a string");
        }
        at++;
        var value = new StringBuilder();
        int start = at;
        for (int c = next(); c != '"'; c = next()) {
            if (c >= 0 && c < ' ') {
                throw refused("control character in a string");
            }
            if (c == '\\') {
                value.append(decoded(start, at - 1)).append(escaped());
                start = at;
            }
        }
        return value.append(decoded(start, at - 1)).toString();
    }

    private CharSequence decoded(int start, int end) {
        try {
            return utf8.decode(ByteBuffer.wrap(text, start, end - start));
        } catch (CharacterCodingException e) {
            throw refused("a string that is not UTF-8");
        }
    }

    private char escaped() {
        char c = (char) next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw refused("unknown escape \\" + c);
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw refused("expected four hex digits after \\u");
            }
            code = (code << 4) | digit;
        }
        return (char) code;
    }

    private Long number() {
        int start = at;
        while (at < text.length && (text[at] == '-' || text[at] >= '0' && text[at] <= '9') && at - start < MAX_DIGITS) {
            at++;
        }
        try {
            return Long.valueOf(new String(text, start, at - start, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            at = start;
            throw refused("expected an object, an array, a string or a whole number");
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw refused("expected '%s'".formatted(c));
        }
        at++;
    }

    /** The next character that is no blank, without stepping over it. */
    private char peek() {
        skipBlanks();
        char c = (char) next();
        at--;
        return c;
    }

    private byte next() {
        if (at == text.length) {
            throw refused("the header ends within a value");
        }
        return text[at++];
    }

    private void skipBlanks() {
        while (at < text.length && " \t\r\n".indexOf(text[at]) >= 0) {
            at++;
        }
    }

    private Refused refused(String problem) {
        return new Refused(at, problem);
    }

    /** Why a header was refused; {@link SafetensorsFile} adds the file. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String problem;

        Refused(int at, String problem) {
            super(problem);
            this.problem = "byte %d of the header: %s".formatted(at, problem);
        }

        String problem() {
            return problem;
        }
    }
}
