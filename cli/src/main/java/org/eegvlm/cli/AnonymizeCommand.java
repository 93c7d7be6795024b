package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.core.edf.Anonymization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "anonymize",
        description = {
            "Copies a recording without the patient and recording identification and the date.",
            "The time of day stays, and so do the signals, byte by byte. Look at the annotations: --texts takes them"
                    + " out, but for sleep stages, lights, and the recording's start and end.",
            "Every file is dated 1 January 1985. A night's files that started on different days, such as a hypnogram"
                    + " begun after midnight, no longer tell how they lie on each other."
        },
        footer = {
            "%nExamples:",
            "  eegvlm anonymize night.edf anonymous.edf",
            "  eegvlm anonymize night.bdf anonymous.bdf --texts",
        })
final class AnonymizeCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Parameters(index = "0", paramLabel = "IN", description = "The recording (EDF, EDF+, BDF, BDF+).")
    private Path in = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "Its anonymous copy.")
    private Path out = Path.of("");

    @Option(names = "--texts", description = "Take out what annotations say, too.")
    private boolean texts;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var removed = new Anonymization(in, out, texts, overwrite).run();
        terminal.print(
                "%s without: %s", out, removed.isEmpty() ? "nothing, it was anonymous" : String.join(", ", removed));
        if (removed.contains(Anonymization.START_DATE)) {
            terminal.note("another file of this night that started on another day no longer tells so");
        }
        return ExitCode.GOOD;
    }
}
