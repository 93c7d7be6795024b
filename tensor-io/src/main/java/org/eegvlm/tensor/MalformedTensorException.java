package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown where a tensor file breaks its format, or uses a part of it that is not read here; tells file, place, problem. */
public final class MalformedTensorException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param place where in the file: {@code byte 8}, {@code tensor 'w'}, {@code data.pkl, byte 17} */
    public MalformedTensorException(Path file, String place, String problem) {
        super("%s, %s: %s".formatted(file, place, problem));
    }
}
