package org.eegvlm.core.edf;

import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;

/** Thrown where a file breaks the EDF specification; the message tells the file, the byte and the field. */
public final class MalformedEdfException extends MalformedDataException {
    private static final long serialVersionUID = 1L;

    public MalformedEdfException(Path file, long offset, String field, String problem) {
        super(file, "byte %d, field '%s'".formatted(offset, field), problem);
    }
}
