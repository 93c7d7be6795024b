package org.eegvlm.core.manifest;

import java.util.List;
import java.util.Optional;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.TextSignal;

final class Rows {

    private Rows() {}

    static EpochRecord row(String id, String subject, Split split, String sha256) {
        return row(id, subject, split, sha256, Optional.of(SleepStage.N2));
    }

    static EpochRecord scored(String id, Split split, Optional<SleepStage> stage) {
        return row(id, "of " + split, split, id, stage);
    }

    private static EpochRecord row(String id, String subject, Split split, String sha256, Optional<SleepStage> stage) {
        return new EpochRecord(
                id,
                subject,
                subject + "1",
                0,
                0,
                30,
                stage,
                split,
                "eeg_images_ft/" + id + ".png",
                sha256,
                "spec",
                "raw/" + subject + ".edf",
                Optional.empty(),
                List.of("EEG Fpz-Cz"),
                true);
    }

    static EpochRecord textRow(String id, TextSignal text) {
        return new EpochRecord(
                id,
                "a",
                "a1",
                0,
                0,
                20,
                Optional.of(SleepStage.N2),
                Split.TRAIN,
                "eeg_images_ft/" + id + ".png",
                "1",
                "spec",
                "a1.txt",
                Optional.of(text),
                List.of(text.channel()),
                false);
    }
}
