package org.eegvlm.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and how it ended. */
record CommandRun(int exitCode, String out, String err) {

    static CommandRun of(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int exitCode = EegVlm.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
