package org.eegvlm.core.io;

import java.nio.file.Path;

/** Thrown where a finished output stands in the way and nobody said to overwrite it. */
public final class OutputExistsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public OutputExistsException(Path output) {
        super(output + " exists already; give --overwrite to replace it, or another output");
    }
}
