package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.Balance;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.signal.EpochSignals;

/**
 * Writes the data of the language model: {@code eeg_ft.json} to learn from (scored epochs of the train and validation
 * subjects, the former balanced as wanted) and {@code eeg_eval.jsonl} to answer (all epochs of the evaluation subjects).
 *
 * <p>The reason in an answer is computed from the recording's own samples, again, and from nothing else. A file without
 * content is not written: a single night to be staged gives questions only. The samples come last; a run that was killed
 * goes on after the last whole one.
 */
public final class DatasetBuild {

    /** The samples, in LLaVA's list format. */
    public static final String SAMPLES = "eeg_ft.json";

    /** The questions, one a line, as {@code model_vqa} reads them. */
    public static final String QUESTIONS = "eeg_eval.jsonl";

    private final BuildConfig config;
    private final Progress progress;

    public DatasetBuild(BuildConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * @throws OutputExistsException if the finished files are there and may not be replaced
     * @throws IllegalArgumentException if the manifest has neither a scored epoch to learn from nor one to ask about, or no
     *     pictures lie beside it
     * @throws org.eegvlm.core.manifest.LeakageException if a subject or a picture is in two splits
     * @throws org.eegvlm.core.MalformedDataException if an epoch is not within its recording
     */
    public BuildReport run() throws IOException {
        var manifest = EpochManifest.read(config.manifest());
        require(
                EpochManifest.hasPictures(config.manifest()),
                "no pictures lie beside %s, and learning and answering read them; render with pictures",
                config.manifest());
        var scored = manifest.split(Split.TRAIN, Split.VALIDATION).stream()
                .filter(epoch -> epoch.stage().isPresent())
                .toList();
        var taught = config.balance().of(scored);
        var asked = manifest.split(Split.EVAL);
        if (taught.isEmpty() && asked.isEmpty()) {
            throw new IllegalArgumentException(config.manifest() + " has no scored epoch and none to evaluate");
        }
        Files.createDirectories(config.output());
        clearFinished(taught.isEmpty());
        if (!asked.isEmpty()) {
            ask(asked);
        }
        if (!taught.isEmpty()) {
            teach(taught);
        }
        return new BuildReport(taught.size(), asked.size(), Balance.counted(scored), Balance.counted(taught));
    }

    /** Finished is what has its last file: the samples, or, where nobody learns, the questions. */
    private void clearFinished(boolean noSamples) throws IOException {
        var last = noSamples ? questions() : samples();
        if (Files.exists(last)) {
            if (!config.overwrite()) {
                throw new OutputExistsException(last);
            }
            Files.delete(last);
            Files.deleteIfExists(questions());
        }
    }

    private void ask(List<EpochRecord> epochs) throws IOException {
        var lines = epochs.stream()
                .map(epoch -> Json.line(new PlaceholderSample(epoch, config.question()).asked()) + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        boolean others = Files.exists(questions()) && !Arrays.equals(Files.readAllBytes(questions()), lines);
        if (others && !config.overwrite()) {
            throw new OutputExistsException(questions());
        }
        Output.writeAtomically(questions(), lines);
    }

    private void teach(List<EpochRecord> epochs) throws IOException {
        try (var signals = new EpochSignals(config.manifest());
                var list = SampleList.resume(samples(), plan())) {
            for (int i = list.size(); i < epochs.size(); i++) {
                var epoch = epochs.get(i);
                var sample = new PlaceholderSample(epoch, config.question());
                list.append(sample.taught(signals.findings(epoch)));
                progress.at("writing samples", i + 1, epochs.size(), epoch.night());
            }
            list.finish();
        }
    }

    /** All that decides about the samples; the recordings are named in the manifest. */
    private String plan() throws IOException {
        var parts = "%s\n%s\n%s".formatted(Sha256.of(config.manifest()), config.question(), config.balance());
        return Sha256.of(parts.getBytes(StandardCharsets.UTF_8));
    }

    private Path samples() {
        return config.output().resolve(SAMPLES);
    }

    private Path questions() {
        return config.output().resolve(QUESTIONS);
    }
}
