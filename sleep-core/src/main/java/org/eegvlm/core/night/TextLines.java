package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.BoundedLines;

/** The lines of the DREAMS text files: a title in brackets, then one number each. */
final class TextLines {

    private static final int LONGEST = 10_000;

    private TextLines() {}

    static BoundedLines open(Path file) throws IOException {
        return BoundedLines.open(file, StandardCharsets.ISO_8859_1, LONGEST);
    }

    static boolean isSample(String line, int number) {
        return !(number == 1 && line.startsWith("[")) && !line.isBlank();
    }

    static double number(Path file, int number, String line) throws MalformedDataException {
        try {
            double value = Double.parseDouble(line.strip());
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, with the place
        }
        throw new MalformedDataException(file, "line " + number, "'%s' is no number".formatted(line.strip()));
    }
}
