package org.eegvlm.cli;

import java.io.PrintWriter;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * What every command has: a help flag, and places to print results and progress to. What is printed may come from files
 * of strangers: nothing in it reaches the terminal that would steer it.
 */
@Command(sortOptions = false, usageHelpAutoWidth = true)
final class Terminal {

    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    void print(String format, Object... values) {
        command.commandLine().getOut().println(Printable.lines(format.formatted(values)));
    }

    /** A result for programs: one line of JSON, which means what it meant. */
    void json(Object value) {
        command.commandLine().getOut().println(Printable.json(Json.line(value)));
    }

    /** For a result that comes piece by piece. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where a person watches, shows that a line is waited for. */
    void invite(String sign) {
        if (watched()) {
            command.commandLine().getErr().print(sign);
            command.commandLine().getErr().flush();
        }
    }

    /** For people, beside the result. */
    void note(String format, Object... values) {
        command.commandLine().getErr().println(Printable.lines(format.formatted(values)));
    }

    /** To be closed, so that a bar ends with its line. */
    ConsoleProgress progress() {
        return ConsoleProgress.on(command.commandLine().getErr(), watched());
    }

    private static boolean watched() {
        return Boolean.getBoolean("eegvlm.terminal");
    }
}
