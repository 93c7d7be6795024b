package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.EpochRange;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.edf.EdfWriter;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;

/**
 * Writes a hypnogram for other programs. Times count from the start of the recording, also where only a part of the night
 * is written.
 *
 * @param range which epochs
 * @param start when the recording started, where it is known
 */
public record HypnogramExport(Hypnogram hypnogram, EpochRange range, Optional<LocalDateTime> start) {

    /** The formats, by the ending of their files. */
    public enum Format {
        CSV,
        EDF,
        JSON
    }

    /** What EDF needs where nobody knows the start: the first moment that its two-digit years can tell. */
    private static final LocalDateTime UNKNOWN_START = LocalDateTime.of(1985, 1, 1, 0, 0);

    private record Whole(
            Optional<String> start,
            double epochSeconds,
            int firstEpoch,
            List<ScoredStage> stages,
            Map<String, Long> counts,
            SleepStatistics minutes) {}

    public void write(Path file, Format format) throws IOException {
        switch (format) {
            case CSV -> writeCsv(file);
            case EDF -> writeEdf(file);
            case JSON -> writeJson(file);
        }
    }

    /** The epochs of the range. */
    public Hypnogram part() {
        return hypnogram.part(range);
    }

    /** How often each stage was scored, in the order of the enum; those that were not are left out. */
    public Map<String, Long> counts() {
        var part = part();
        var counts = new LinkedHashMap<String, Long>();
        for (var stage : ScoredStage.values()) {
            long count = part.count(stage);
            if (count > 0) {
                counts.put(stage.label(), count);
            }
        }
        return counts;
    }

    private void writeCsv(Path file) throws IOException {
        var labels = new EpochLabels(hypnogram.epochLength());
        for (int epoch = range.first(); epoch < range.end(); epoch++) {
            labels.add(epoch, hypnogram.epochs().get(epoch).label());
        }
        labels.write(file);
    }

    /** One for each run of a stage, in the standard texts of EDF+, as Sleep-EDF's hypnograms have. */
    public List<Annotation> annotations() {
        var epochs = hypnogram.epochs();
        var annotations = new ArrayList<Annotation>();
        int from = range.first();
        for (int epoch = from + 1; epoch <= range.end(); epoch++) {
            if (epoch == range.end() || epochs.get(epoch) != epochs.get(from)) {
                double onset = hypnogram.onset(from).toNanos() / 1e9;
                double duration = hypnogram.onset(epoch - from).toNanos() / 1e9;
                annotations.add(new Annotation(onset, Optional.of(duration), StageLabels.annotation(epochs.get(from))));
                from = epoch;
            }
        }
        return annotations;
    }

    private void writeEdf(Path file) throws IOException {
        Output.writeAtomically(
                file,
                fresh -> EdfWriter.writeAnnotations(
                        fresh, "X X X X", "Startdate X X X EEG-VLM", start.orElse(UNKNOWN_START), annotations()));
    }

    private void writeJson(Path file) throws IOException {
        var part = part();
        Json.write(
                file,
                new Whole(
                        start.map(LocalDateTime::toString),
                        hypnogram.epochLength().toNanos() / 1e9,
                        range.first(),
                        part.epochs(),
                        counts(),
                        SleepStatistics.of(part)));
    }
}
