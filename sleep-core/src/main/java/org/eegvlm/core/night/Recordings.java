package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.core.Recording;
import org.eegvlm.core.TextSignal;
import org.eegvlm.core.edf.EdfRecording;

/** Opens recordings of any format. */
public final class Recordings {

    private Recordings() {}

    /**
     * @param text what a recording in plain text does not say itself; empty where it is EDF or BDF
     * @return for the caller to close
     */
    public static Recording open(Path file, Optional<TextSignal> text) throws IOException {
        return text.isPresent() ? TextRecording.open(file, text.get()) : EdfRecording.open(file);
    }
}
