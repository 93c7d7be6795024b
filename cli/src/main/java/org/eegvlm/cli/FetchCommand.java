package org.eegvlm.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.core.fetch.FetchConfig;
import org.eegvlm.core.fetch.SleepEdfFetch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fetch",
        description = {
            "Fetches Sleep-EDF Expanded from PhysioNet (ODC-By 1.0; attribute PhysioNet and Kemp et al. 2000).",
            "What was cut off goes on in the next run; every file is compared with its SHA-256."
        },
        footer = {
            "%nExamples:",
            "  eegvlm fetch sleep-edf --file-type st --max-files 4",
            "  eegvlm fetch sleep-edf --pattern \"SC400?\" --output /data/sleep-edf"
        })
final class FetchCommand implements Callable<Integer> {

    /** What there is to fetch. */
    enum DataSet {
        SLEEP_EDF {
            @Override
            public String toString() {
                return "sleep-edf";
            }
        }
    }

    @Mixin
    private Terminal terminal = new Terminal();

    @Parameters(paramLabel = "DATA", description = "${COMPLETION-CANDIDATES}.")
    private DataSet data = DataSet.SLEEP_EDF;

    @Mixin
    private NightFlags nights = new NightFlags();

    @Option(
            names = "--output",
            defaultValue = "sleep_data/raw",
            description = "Folder for PhysioNet's folders sleep-cassette and sleep-telemetry (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Option(names = "--source", paramLabel = "URL", description = "A mirror (PhysioNet).")
    private URI source = FetchConfig.PHYSIONET;

    @Override
    public Integer call() throws IOException {
        try (var progress = terminal.progress()) {
            var report = new SleepEdfFetch(new FetchConfig(source, output, nights.choice()), progress).run();
            terminal.print(
                    "%d nights of %s in %s: %d files fetched, %d were there",
                    report.nights(), data, output, report.fetched(), report.kept());
        }
        return ExitCode.GOOD;
    }
}
