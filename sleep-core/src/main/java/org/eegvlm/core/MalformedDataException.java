package org.eegvlm.core;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Thrown where a file does not hold what its format, or its partner file, promises; the message tells file, place and problem. */
public class MalformedDataException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What would end the line, or steer the terminal that shows it: a hostile file may hold anything. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private static final int LONGEST = 500;

    /** @param place where in the file, in the format's own words: {@code line 12}, {@code byte 256, field 'duration'} */
    public MalformedDataException(Path file, String place, String problem) {
        super("%s, %s: %s".formatted(file, printable(place), printable(problem)));
    }

    public MalformedDataException(Path file, String problem) {
        super("%s: %s".formatted(file, printable(problem)));
    }

    private static String printable(String text) {
        var clipped = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return UNPRINTABLE.matcher(clipped).replaceAll("?");
    }
}
