package org.eegvlm.core.night;

import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;

/** The lines of the DREAMS text files: a title in brackets, then one number each. */
final class TextLines {

    private TextLines() {}

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
