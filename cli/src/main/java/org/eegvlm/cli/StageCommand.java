package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.score.Answer;
import org.eegvlm.llava.FeatureMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stage",
        description = "Stages a new night: draws, encodes, asks, and writes a hypnogram and a report.",
        footer = {
            "%nExamples:",
            "  eegvlm stage night.edf --model demo",
            "  eegvlm stage night.edf --hypnogram night-Hypnogram.edf --channels \"C3-A2\" --out /tmp/night"
        })
final class StageCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Parameters(paramLabel = "RECORDING", description = "The night: an EDF or BDF file.")
    private Path recording = Path.of("");

    @Option(names = "--hypnogram", description = "Its scoring, to compare with (what lies beside or in the recording).")
    private Optional<Path> hypnogram = Optional.empty();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            defaultValue = "demo",
            description = "A folder that the demo wrote; the next three default to what is in it (${DEFAULT-VALUE}).")
    private Path model = Path.of("");

    @Option(names = "--vision", description = "Folder of the vision module.")
    private Optional<Path> vision = Optional.empty();

    @Option(names = "--model-path", description = "The language model: a LoRA folder, or a full model.")
    private Optional<Path> modelPath = Optional.empty();

    @Option(names = "--model-base", description = "What a LoRA folder was trained on (what the folder names).")
    private Optional<Path> modelBase = Optional.empty();

    @Option(
            names = {"--channels", "--channel"},
            split = ",",
            paramLabel = "LABEL",
            description = "The recording's names for the model's channels, where they differ.")
    private List<String> channels = List.of();

    @Option(names = "--out", description = "Folder for everything (staged/NAME).")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--device", defaultValue = "cpu", description = "cpu or cuda:N (${DEFAULT-VALUE}).")
    private String device = "";

    @Option(names = "--overwrite", description = "Replace a finished output.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        var settings = settings();
        var folder = out.orElse(Path.of("staged", stem(recording)));
        prepare(settings, folder);
        try (var progress = terminal.progress()) {
            var staging = new NightStaging(settings, folder, progress);
            print(staging, staging.run());
        }
        return ExitCode.GOOD;
    }

    private StageSettings settings() {
        var demo = new DemoFolder(model);
        return new StageSettings(
                recording,
                hypnogram,
                vision.orElse(demo.vision()),
                modelPath.orElse(demo.checkpoint(FeatureMode.FUSE)),
                modelBase,
                channels.isEmpty() ? Optional.empty() : Optional.of(channels),
                device);
    }

    private void prepare(StageSettings settings, Path folder) throws IOException {
        if (Files.exists(folder.resolve("report.html")) && !overwrite) {
            throw new OutputExistsException(folder);
        }
        if (overwrite) {
            for (var product : NightStaging.PRODUCTS) {
                Output.deleteTree(folder.resolve(product));
                Output.deleteTree(new Output(folder.resolve(product)).partial());
            }
        }
        settings.claim(folder);
    }

    private void print(NightStaging staging, List<Answer> answers) {
        var counts = new TreeMap<String, Integer>();
        answers.forEach(answer -> counts.merge(HypnogramCsv.label(answer), 1, Integer::sum));
        terminal.print(
                "%d epochs of %s, staged by %s",
                answers.size(), recording.getFileName(), answers.get(0).modelId());
        counts.forEach((label, count) ->
                terminal.print("  %-5s %5d  %3d %%", label, count, Math.round(100.0 * count / answers.size())));
        staging.notes().forEach(note -> terminal.print("%s", note));
        terminal.print("hypnogram: %s%nreport: %s", staging.hypnogram(), staging.report());
        terminal.print("For research, not for diagnosis.");
    }

    private static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(-PSG)?\\.[^.]*$", "");
    }
}
