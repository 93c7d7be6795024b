package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.eegvlm.core.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Runs the whole chain on simulated nights, from EDF files to scored answers and a report.",
        footer = {
            "%nA demo that was stopped goes on where it was.",
            "%nExamples:",
            "  eegvlm demo",
            "  eegvlm demo --out /tmp/demo-7 --seed 7 --ablations"
        })
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(names = "--out", defaultValue = "demo", description = "Folder for everything (${DEFAULT-VALUE}).")
    private Path out = Path.of("");

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "The same seed gives the same files (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--ablations",
            description = "Also train without features, with empty and with mixed-up ones, for comparison.")
    private boolean ablations;

    @Override
    public Integer call() throws IOException {
        var settings = DemoSettings.of(seed, ablations);
        var folder = new DemoFolder(out);
        settings.claim(out);
        try (var progress = terminal.progress()) {
            var demo = new Demo(settings, folder, progress);
            boolean worked = false;
            for (var step : demo.steps()) {
                worked |= run(step);
            }
            report(folder, worked || !Files.exists(folder.summary()) ? demo.summarise() : earlier(folder));
        }
        return ExitCode.GOOD;
    }

    private static Summary earlier(DemoFolder folder) throws IOException {
        return Json.read(folder.summary(), Summary.class);
    }

    private void report(DemoFolder folder, Summary summary) {
        terminal.print("%nOn the same simulated evaluation nights:%n%n%s", summary.table());
        terminal.print("%.0f s, at most %d MB. Report: %s", summary.seconds(), summary.peakRssMb(), folder.report());
        terminal.print("For research, not for diagnosis.");
    }

    /** Tells whether there was anything to do. */
    private boolean run(DemoStep step) throws IOException {
        if (step.finished()) {
            terminal.print("%-26s %-52s %s", step.name(), out.relativize(step.product()), "there already");
            return false;
        }
        long start = System.nanoTime();
        var result = step.work().run();
        var seconds = String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
        terminal.print("%-26s %-52s %8s", step.name(), result, seconds);
        return true;
    }
}
