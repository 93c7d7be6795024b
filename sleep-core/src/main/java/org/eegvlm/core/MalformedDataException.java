package org.eegvlm.core;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown where a file does not hold what its format, or its partner file, promises; the message tells file, place and problem. */
public class MalformedDataException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param place where in the file, in the format's own words: {@code line 12}, {@code byte 256, field 'duration'} */
    public MalformedDataException(Path file, String place, String problem) {
        super("%s, %s: %s".formatted(file, place, problem));
    }

    public MalformedDataException(Path file, String problem) {
        super("%s: %s".formatted(file, problem));
    }
}
