package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eegvlm.core.edf.EdfInfo;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        description = "Shows a recording at a glance (EDF, EDF+, BDF, BDF+), and what is odd about it.",
        footer = {
            "%nExamples:",
            "  eegvlm info SC4001E0-PSG.edf",
            "  eegvlm info SC4001E0-PSG.edf --json --digest",
        })
final class InfoCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Parameters(paramLabel = "FILE", description = "The recording; its content tells its format.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print one object of JSON, annotations included.")
    private boolean json;

    @Option(
            names = "--digest",
            description = "Hash each signal: SHA-256 over its digital samples as little-endian int32.")
    private boolean digest;

    @Override
    public Integer call() throws IOException {
        try (var recording = EdfRecording.open(file)) {
            var info = EdfInfo.of(recording, digest);
            terminal.print("%s", json ? Json.line(info) : info.table());
        }
        return ExitCode.GOOD;
    }
}
