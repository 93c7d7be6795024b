package org.eegvlm.core.baseline;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;

/** Two short nights in EDF and their manifest: alpha in Wake, slow waves in N3, and noise in both. */
final class TinyNights {

    private static final int RATE = 100;
    private static final int SECONDS = 30;
    private static final List<SleepStage> STAGES =
            List.of(SleepStage.WAKE, SleepStage.N3, SleepStage.N3, SleepStage.WAKE, SleepStage.N3);

    private TinyNights() {}

    /** Returns the manifest. */
    static Path in(Path folder) throws IOException {
        var epochs = new ArrayList<EpochRecord>();
        epochs.addAll(night(folder, "A", Split.TRAIN));
        epochs.addAll(night(folder, "B", Split.EVAL));
        var manifest = folder.resolve("epochs.jsonl");
        new EpochManifest(epochs).write(manifest);
        return manifest;
    }

    private static List<EpochRecord> night(Path folder, String subject, Split split) throws IOException {
        var file = folder.resolve(subject + ".edf");
        var signal = new EdfSignal("EEG Fpz-Cz", "", "uV", -500, 500, -32768, 32767, "", RATE * SECONDS);
        var header = EdfHeader.plain("X", "simulated", LocalDateTime.of(2000, 1, 1, 23, 0), SECONDS, List.of(signal));
        var epochs = new ArrayList<EpochRecord>();
        var random = new Random(subject.hashCode());
        try (var edf = EdfWriter.create(file, header, STAGES.size())) {
            for (var stage : STAGES) {
                edf.append(new double[][] {samples(stage, random)});
                epochs.add(epoch(subject, split, epochs.size(), stage));
            }
        }
        return epochs;
    }

    private static double[] samples(SleepStage stage, Random random) {
        double hz = stage == SleepStage.WAKE ? 10 : 1;
        var samples = new double[RATE * SECONDS];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 50 * Math.sin(2 * Math.PI * hz * i / RATE) + 5 * random.nextGaussian();
        }
        return samples;
    }

    private static EpochRecord epoch(String subject, Split split, int epoch, SleepStage stage) {
        var id = subject + "-" + epoch;
        return new EpochRecord(
                id,
                subject,
                subject,
                epoch,
                epoch * (double) SECONDS,
                SECONDS,
                Optional.of(stage),
                split,
                "eeg_images_eval/" + id + ".png",
                "hash of " + id,
                "",
                subject + ".edf",
                Optional.empty(),
                List.of("EEG Fpz-Cz"),
                true);
    }
}
