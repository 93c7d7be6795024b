package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Nights;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "render",
        description = "Draws every epoch of every night as a picture, and writes the manifest of them all.",
        footer = {
            "%nExamples:",
            "  eegvlm render --eval-subjects 10 --validation-subjects 2 --picture spectrogram --neighbours 1",
            "  eegvlm render --source nights.json --channels C3,O1 --reference A1,A2 --high-pass 0.3 --low-pass 35"
        })
final class RenderCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Option(
            names = "--source",
            defaultValue = "sleep_data/raw",
            paramLabel = "DIR|FILE",
            description = "Folder of EDF files, or a JSON list of nights (${DEFAULT-VALUE}).")
    private Path source = Path.of("");

    @Mixin
    private NightFlags chosen = new NightFlags();

    @Option(
            names = "--trim-wake",
            paramLabel = "MINUTES",
            description = "Draw only so much before the first and after the last epoch of sleep (all).")
    private Optional<Double> trimWake = Optional.empty();

    @Option(names = "--output", defaultValue = "sleep_data", description = "The data folder (${DEFAULT-VALUE}).")
    private Path output = Path.of("");

    @Mixin
    private SignalFlags signals = new SignalFlags();

    @Option(names = "--epoch-seconds", description = "How long an epoch is (what the list of nights says, or 30).")
    private Optional<Double> epochSeconds = Optional.empty();

    @Mixin
    private LookFlags look = new LookFlags();

    @Option(
            names = "--validation-subjects",
            defaultValue = "1",
            description = "Subjects for choosing among models (${DEFAULT-VALUE}).")
    private int validationSubjects;

    @Option(
            names = "--eval-subjects",
            defaultValue = "3",
            description = "Subjects for the final figures (${DEFAULT-VALUE}).")
    private int evalSubjects;

    @Option(names = "--seed", defaultValue = "0", description = "Decides who is in which split (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--no-pictures",
            description = "The manifest alone; train-vision, export-features and explain draw the pictures themselves.")
    private boolean noPictures;

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var nights = nights();
        var spec = look.spec(signals.derivations())
                .withConditioning(signals.conditioning())
                .withEpochSeconds(seconds(nights.get(0).epochLength()));
        var split = new SubjectSplit(validationSubjects, evalSubjects, seed);
        try (var progress = terminal.progress()) {
            var config = new RenderConfig(nights, output, spec, split, overwrite)
                    .withWake(trimWake.map(minutes -> Duration.ofMillis(Math.round(60_000 * minutes))))
                    .withFiles(!noPictures);
            var report = new EpochRendering(config, progress).run();
            print(report);
        }
        return ExitCode.GOOD;
    }

    private List<Night> nights() throws IOException {
        var all = Files.isDirectory(source) ? Nights.in(source) : Nights.read(source);
        var nights = chosen.choice().among(all, Night::night);
        return epochSeconds.isEmpty()
                ? nights
                : nights.stream().map(this::scoredByGivenEpochs).toList();
    }

    private Night scoredByGivenEpochs(Night night) {
        var length = Duration.ofNanos(Math.round(epochSeconds.orElseThrow() * 1e9));
        return new Night(
                night.subject(),
                night.night(),
                night.recording(),
                night.hypnogram(),
                night.text(),
                length,
                night.split());
    }

    private static double seconds(Duration length) {
        return length.toNanos() / 1e9;
    }

    private void print(RenderReport report) {
        var what = noPictures ? "epochs, to be drawn when they are needed," : "pictures";
        terminal.print("%d %s of %d nights in %s", report.pictures(), what, report.nights(), output);
        for (var split : Split.values()) {
            terminal.print(
                    "  %-10s %6d",
                    split.name().toLowerCase(Locale.ROOT), report.bySplit().getOrDefault(split, 0));
        }
        if (report.unscored() > 0) {
            terminal.print("  %d epochs without a stage, or with a gap in them, have no picture", report.unscored());
        }
        report.warnings().forEach(warning -> terminal.note("%s", warning));
    }
}
