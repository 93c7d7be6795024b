package org.eegvlm.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What every command has: a help flag, and places to print results and progress to. */
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
        command.commandLine().getOut().println(format.formatted(values));
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
        command.commandLine().getErr().println(format.formatted(values));
    }

    /** To be closed, so that a bar ends with its line. */
    ConsoleProgress progress() {
        return ConsoleProgress.on(command.commandLine().getErr(), watched());
    }

    private static boolean watched() {
        return Boolean.getBoolean("eegvlm.terminal");
    }
}
