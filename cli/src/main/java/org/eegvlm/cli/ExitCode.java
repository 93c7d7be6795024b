package org.eegvlm.cli;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.tensor.MalformedTensorException;

/** How a command ends. Scripts rely on these numbers. */
final class ExitCode {
    static final int GOOD = 0;

    /** Anything that has no number of its own: the disk is full, the memory is short, or we have a bug. */
    static final int FAILED = 1;

    /** A wrong flag, a path that is not there, an output that is, a channel that the recording lacks. */
    static final int USAGE = 2;

    /** A file that breaks its format, or does not fit its partner; evaluation data in training. */
    static final int BAD_DATA = 3;

    /** Ended by a signal, such as Ctrl-C; the same command goes on from there. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(Throwable problem) {
        if (problem instanceof MalformedDataException
                || problem instanceof MalformedTensorException
                || problem instanceof LeakageException) {
            return BAD_DATA;
        }
        if (problem instanceof IllegalArgumentException
                || problem instanceof NoSuchFileException
                || problem instanceof FileAlreadyExistsException) {
            return USAGE;
        }
        return FAILED;
    }
}
