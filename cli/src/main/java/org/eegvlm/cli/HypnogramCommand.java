package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.EpochRange;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.night.HypnogramExport;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Scoring;
import org.eegvlm.core.night.Scorings;
import org.eegvlm.core.night.SleepStatistics;
import org.eegvlm.core.night.StageCodes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hypnogram",
        description = {
            "Reads a scoring, tells its stages and sleep statistics, and writes it in another format.",
            "Reads EDF+ annotations, a hypnogram signal in EDF, text and CSV, XML of Profusion and the NSRR."
        },
        footer = {
            "%nExamples:",
            "  eegvlm hypnogram SC4001EC-Hypnogram.edf --trim-wake 30",
            "  eegvlm hypnogram stages.txt night.edf --codes dreams --step-seconds 5 --recording PSG.edf"
        })
final class HypnogramCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Parameters(index = "0", paramLabel = "IN", description = "The scoring.")
    private Path in = Path.of("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "OUT",
            description = "Where to write it; what it ends in tells the format.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (what OUT ends in).")
    private Optional<HypnogramExport.Format> format = Optional.empty();

    @Option(
            names = "--recording",
            paramLabel = "EDF",
            description = "Lay the scoring on this recording: its start, its length.")
    private Optional<Path> recording = Optional.empty();

    @Option(
            names = "--classes",
            defaultValue = "5",
            description =
                    "5: Wake, N1, N2, N3, REM. 6: stage 4 of Rechtschaffen and Kales stays N4 (${DEFAULT-VALUE}).")
    private int classes;

    @Option(
            names = "--trim-wake",
            paramLabel = "MINUTES",
            description = "Keep so much before the first and after the " + "last epoch of sleep (all).")
    private Optional<Double> trimWake = Optional.empty();

    @Option(names = "--epoch-seconds", description = "How long an epoch is (what the file says, or 30).")
    private Optional<Double> epochSeconds = Optional.empty();

    @Option(names = "--codes", description = "What numbers in a text file mean: ${COMPLETION-CANDIDATES}.")
    private Optional<StageCodes> codes = Optional.empty();

    @Option(names = "--step-seconds", description = "How long a line of a text file stands for (an epoch).")
    private Optional<Double> stepSeconds = Optional.empty();

    @Option(names = "--overwrite", description = "Replace OUT.")
    private boolean overwrite;

    /** What was read, and what there is to say about it. */
    private record Read(Hypnogram hypnogram, Optional<LocalDateTime> start, List<String> notes) {}

    @Override
    public Integer call() throws IOException {
        if (classes != 5 && classes != 6) {
            throw new IllegalArgumentException("--classes is 5 or 6, was " + classes);
        }
        if (out.isPresent() && Files.exists(out.get()) && !overwrite) {
            throw new OutputExistsException(out.get());
        }
        var read = recording.isPresent() ? onRecording(recording.get()) : alone();
        var hypnogram = classes == 5 ? read.hypnogram().aasm() : read.hypnogram();
        var range = trimWake.map(
                        minutes -> hypnogram.sleepWithin(minutes == 0 ? Duration.ZERO : duration(60 * minutes)))
                .orElse(new EpochRange(0, hypnogram.epochs().size()));
        var export = new HypnogramExport(hypnogram, range, read.start());
        print(export);
        read.notes().forEach(note -> terminal.note("%s: %s", in.getFileName(), note));
        if (out.isPresent()) {
            export.write(out.get(), format.orElseGet(() -> formatOf(out.get())));
            terminal.print("written to %s", out.get());
        }
        return ExitCode.GOOD;
    }

    private Read alone() throws IOException {
        var scoring = Scorings.read(in, codes, step(Hypnogram.AASM_EPOCH));
        return new Read(Scorings.hypnogram(in, scoring, epoch(scoring)), scoring.start(), List.of());
    }

    private Duration epoch(Scoring scoring) {
        return epochSeconds
                .map(HypnogramCommand::duration)
                .or(scoring::epochLength)
                .orElse(Hypnogram.AASM_EPOCH);
    }

    private Read onRecording(Path file) throws IOException {
        var scoring = Scorings.read(in, codes, step(Hypnogram.AASM_EPOCH));
        var name = String.valueOf(file.getFileName());
        var night = new Night(name, name, file, Optional.of(in), Optional.empty(), epoch(scoring), Optional.empty());
        try (var opened = night.open()) {
            var scored = night.scored(opened, scoring);
            return new Read(
                    scored.hypnogram(), opened.start(), scored.alignment().notes());
        }
    }

    private Duration step(Duration epoch) {
        return stepSeconds
                .or(() -> epochSeconds)
                .map(HypnogramCommand::duration)
                .orElse(epoch);
    }

    private static HypnogramExport.Format formatOf(Path file) {
        var name = String.valueOf(file.getFileName()).toUpperCase(Locale.ROOT);
        for (var format : HypnogramExport.Format.values()) {
            if (name.endsWith("." + format)) {
                return format;
            }
        }
        throw new IllegalArgumentException("%s ends in none of .csv, .edf, .json; give --format".formatted(file));
    }

    private void print(HypnogramExport export) {
        var part = export.part();
        terminal.print(
                "%s: %d epochs of %s s%s",
                in.getFileName(),
                part.epochs().size(),
                part.epochLength().toMillis() / 1000.0,
                export.start().map(start -> ", recorded from " + start).orElse(""));
        export.counts()
                .forEach((label, count) -> terminal.print(
                        "  %-8s %6d  %5.1f %%",
                        label, count, 100.0 * count / part.epochs().size()));
        print(SleepStatistics.of(part));
    }

    private void print(SleepStatistics minutes) {
        terminal.print("time in bed %.1f min%s", minutes.timeInBed(), trimWake.isEmpty() ? " (the whole scoring)" : "");
        terminal.print("slept %.1f min, efficiency %.1f %%", minutes.totalSleep(), minutes.sleepEfficiency());
        minutes.sleepOnsetLatency().ifPresent(latency -> terminal.print("sleep onset after %.1f min", latency));
        minutes.remLatency().ifPresent(latency -> terminal.print("REM %.1f min after sleep onset", latency));
        minutes.wakeAfterSleepOnset().ifPresent(wake -> terminal.print("awake after sleep onset %.1f min", wake));
        minutes.byStage().forEach((stage, length) -> terminal.print("  %-5s %7.1f min", stage.label(), length));
    }

    private static Duration duration(double seconds) {
        if (!(seconds > 0 && seconds < 1e6)) {
            throw new IllegalArgumentException("a length of time must be positive, was %s s".formatted(seconds));
        }
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
