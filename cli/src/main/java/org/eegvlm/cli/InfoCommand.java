package org.eegvlm.cli;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.eegvlm.core.edf.EdfInfo;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.night.NightOverview;
import org.eegvlm.core.night.Nights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        description = {
            "Shows a recording at a glance (EDF, EDF+, BDF, BDF+), and what is odd about it.",
            "Of a folder: its nights, whose they are, and which of Sleep-EDF's are known to be lost."
        },
        footer = {"%nExamples:", "  eegvlm info SC4001E0-PSG.edf --json --digest", "  eegvlm info sleep_data/raw"})
final class InfoCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Parameters(paramLabel = "FILE|DIR", description = "The recording, or a folder of them; content tells the format.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print one object of JSON, annotations included.")
    private boolean json;

    @Option(
            names = "--digest",
            description = "Hash each signal: SHA-256 over its digital samples as little-endian int32.")
    private boolean digest;

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(file)) {
            require(!digest, "--digest hashes the signals of one recording, and %s is a folder", file);
            var nights = NightOverview.of(Nights.in(file));
            print(nights, nights::table);
            return ExitCode.GOOD;
        }
        try (var recording = EdfRecording.open(file)) {
            var info = EdfInfo.of(recording, digest);
            print(info, info::table);
        }
        return ExitCode.GOOD;
    }

    private void print(Object value, Supplier<String> table) {
        if (json) {
            terminal.json(value);
        } else {
            terminal.print("%s", table.get());
        }
    }
}
