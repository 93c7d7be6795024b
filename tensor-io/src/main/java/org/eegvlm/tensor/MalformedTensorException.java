package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Thrown where a tensor file breaks its format, or uses a part of it that is not read here; tells file, place, problem. */
public final class MalformedTensorException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What would end the line, or steer the terminal that shows it: names in a hostile file may hold anything. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private static final int LONGEST = 500;

    /** @param place where in the file: {@code byte 8}, {@code tensor 'w'}, {@code data.pkl, byte 17} */
    public MalformedTensorException(Path file, String place, String problem) {
        super("%s, %s: %s".formatted(file, printable(place), printable(problem)));
    }

    private static String printable(String text) {
        var clipped = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return UNPRINTABLE.matcher(clipped).replaceAll("?");
    }
}
