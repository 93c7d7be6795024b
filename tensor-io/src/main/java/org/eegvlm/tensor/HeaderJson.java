package org.eegvlm.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of JSON that a safetensors header uses: objects, arrays, strings and whole numbers. Depth and array length
 * are bounded; whatever else JSON has is refused.
 *
 * <p>Values are {@code Map<String, Object>}, {@code List<Object>}, {@code String} and {@code Long}.
 */
final class HeaderJson {

    private static final int MAX_DEPTH = 4;

    private final String text;
    private int at;

    private HeaderJson(String text) {
        this.text = text;
    }

    /** @throws Refused if the text is anything but one object, with blanks around it */
    static Map<String, Object> object(String text) {
        var json = new HeaderJson(text);
        if (json.peek() != '{') {
            throw json.refused("expected '{'");
        }
        var object = json.object(1);
        json.skipBlanks();
        if (json.at < text.length()) {
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
        if (at == text.length() || text.charAt(at) != '"') {
            throw refused("expected a string");
        }
        at++;
        var value = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw refused("control character in a string");
            }
            value.append(c == '\\' ? escaped() : c);
        }
        return value.toString();
    }

    private char escaped() {
        char c = next();
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
        while (at < text.length() && (text.charAt(at) == '-' || Character.digit(text.charAt(at), 10) >= 0)) {
            at++;
        }
        try {
            return Long.valueOf(text.substring(start, at));
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
        char c = next();
        at--;
        return c;
    }

    private char next() {
        if (at == text.length()) {
            throw refused("the header ends within a value");
        }
        return text.charAt(at++);
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
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
            this.problem = "character %d of the header: %s".formatted(at, problem);
        }

        String problem() {
            return problem;
        }
    }
}
