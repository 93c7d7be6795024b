package org.eegvlm.core.manifest;

import java.util.List;
import java.util.Optional;
import org.eegvlm.core.SleepStage;

final class Rows {

    private Rows() {}

    static EpochRecord row(String id, String subject, Split split, String sha256) {
        return new EpochRecord(
                id,
                subject,
                subject + "1",
                0,
                0,
                30,
                Optional.of(SleepStage.N2),
                split,
                "eeg_images_ft/" + id + ".png",
                sha256,
                "spec",
                "raw/" + subject + ".edf",
                List.of("EEG Fpz-Cz"),
                true);
    }
}
