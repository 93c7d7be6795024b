package org.eegvlm.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command prints: results to {@link #out()}, how far it is to {@link #progress()}. */
@Command
final class Terminal {

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    void print(String format, Object... values) {
        out().println(format.formatted(values));
    }

    /** To be closed, so that a bar ends with its line. */
    ConsoleProgress progress() {
        return ConsoleProgress.on(command.commandLine().getErr(), Boolean.getBoolean("eegvlm.terminal"));
    }
}
