package org.eegvlm.cli;

import java.io.PrintWriter;
import org.eegvlm.core.Progress;

/** Progress for somebody: closing it ends the line it is on. */
interface ConsoleProgress extends Progress, AutoCloseable {

    @Override
    void close();

    /** A bar with the time left where a person watches, a line now and then where a log does. */
    static ConsoleProgress on(PrintWriter err, boolean terminal) {
        return terminal ? new ProgressBars() : new ProgressLines(err);
    }
}
