package org.eegvlm.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line {@code eegvlm}. */
@Command(
        name = "eegvlm",
        description = {"Stages nights of EEG with a vision-language model.", "For research, not for diagnosis."},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:good",
            "1:failed for another reason",
            "2:wrong flag, missing path, existing output, unknown channel",
            "3:bad data in a file, or evaluation data in training"
        },
        subcommands = {
            DemoCommand.class,
            SimulateCommand.class,
            FetchCommand.class,
            InfoCommand.class,
            AnonymizeCommand.class,
            HypnogramCommand.class,
            RenderCommand.class,
            SplitCommand.class,
            CheckCommand.class,
            TrainVisionCommand.class,
            ExportOnnxCommand.class,
            ExportFeaturesCommand.class,
            MapFeaturesCommand.class,
            ExplainCommand.class,
            BuildDataCommand.class,
            MakeBaseCommand.class,
            FineTuneCommand.class,
            MergeCommand.class,
            ConvertCommand.class,
            AskCommand.class,
            ModelVqaCommand.class,
            ProbeCommand.class,
            ScoreCommand.class,
            BaselineCommand.class,
            StageCommand.class,
            ServeCommand.class
        })
public final class EegVlm implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On failure, show where in the program it happened.")
    private boolean stackTrace;

    public static void main(String[] arguments) {
        // Files and tables have the same digits in every country.
        Locale.setDefault(Locale.ROOT);
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        // libtorch tears itself down at exit, under the feet of a thread that still computes: a signal would end in a
        // crash report. What is on disk is whole or partial at any moment, so the process may end at once.
        var runtime = Runtime.getRuntime();
        runtime.addShutdownHook(new Thread(() -> {
            runtime.halt(Interruption.request());
        }));
        int code = run(out, err, arguments);
        out.flush();
        err.flush();
        runtime.halt(code);
    }

    /** Runs one command; the only place that catches what a command throws. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        var program = new EegVlm();
        var commandLine = new CommandLine(program)
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> program.report(problem, err))
                .setParameterExceptionHandler((problem, given) -> usage(problem, err));
        try {
            return commandLine.execute(withRunFile(commandLine, FlagSpelling.withDashes(arguments)));
        } catch (IOException | IllegalArgumentException | OutOfMemoryError | LinkageError e) {
            return program.report(e, err);
        }
    }

    private static String[] withRunFile(CommandLine program, String... arguments) throws IOException {
        var command = arguments.length == 0 ? null : program.getSubcommands().get(arguments[0]);
        if (command == null) {
            return arguments;
        }
        var given = Arrays.copyOfRange(arguments, 1, arguments.length);
        RepeatedFlags.refuse(command, given);
        if (!arguments[0].equals("finetune")) {
            return arguments;
        }
        return Stream.concat(Stream.of("finetune"), Stream.of(RunFile.expanded(command, given)))
                .toArray(String[]::new);
    }

    /** Without a subcommand, the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private int report(Throwable problem, PrintWriter err) {
        var failure = Failure.of(problem);
        err.println(failure.line());
        if (stackTrace) {
            problem.printStackTrace(err);
        }
        return failure.exitCode();
    }

    private static int usage(ParameterException problem, PrintWriter err) {
        var command = problem.getCommandLine().getCommandSpec().qualifiedName();
        err.println("eegvlm: %s; see '%s --help'".formatted(problem.getMessage(), command));
        return ExitCode.USAGE;
    }
}
