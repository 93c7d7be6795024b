package org.eegvlm.core.edf;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** One field of a header, where it stands, and what it may hold. */
record HeaderField(Path file, String name, long offset, String text) {

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern WHOLE_WITH_POINT = Pattern.compile("([+-]?\\d{1,18})\\.0*");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

    /** Fields are ASCII padded with spaces; some writers take UTF-8 or Latin-1 and pad with zeros. */
    static HeaderField of(Path file, String name, long offset, byte[] bytes, Oddities oddities) {
        var text = decoded(bytes);
        if (!PRINTABLE.matcher(text).matches()) {
            oddities.add("byte %d, field '%s': holds other characters than the specification allows", offset, name);
        }
        return new HeaderField(file, name, offset, text.replace('\0', ' ').strip());
    }

    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    long whole(long least, long most) throws MalformedEdfException {
        if (WHOLE.matcher(text).matches()) {
            long value = Long.parseLong(text);
            if (least <= value && value <= most) {
                return value;
            }
        }
        throw malformed("must be a whole number from %d to %d, is '%s'", least, most, text);
    }

    /** A whole number that some writers end with a decimal point. */
    long wholeIfRounded(long least, long most, Oddities oddities) throws MalformedEdfException {
        var pointed = WHOLE_WITH_POINT.matcher(text);
        if (!pointed.matches()) {
            return whole(least, most);
        }
        oddities.add("byte %d, field '%s': '%s' should be a whole number", offset, name, text);
        return new HeaderField(file, name, offset, pointed.group(1)).whole(least, most);
    }

    double decimal() throws MalformedEdfException {
        if (DECIMAL.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        }
        throw malformed("'%s' is no number", text);
    }

    /** A number that some writers give a decimal comma. */
    double decimalOrComma(Oddities oddities) throws MalformedEdfException {
        if (!text.contains(",")) {
            return decimal();
        }
        oddities.add("byte %d, field '%s': '%s' has a decimal comma", offset, name, text);
        return new HeaderField(file, name, offset, text.replace(',', '.')).decimal();
    }

    MalformedEdfException malformed(String problem, Object... values) {
        return new MalformedEdfException(file, offset, name, problem.formatted(values));
    }
}
