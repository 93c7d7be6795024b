package org.eegvlm.core.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a subject's epochs are for. A subject belongs to one split only. */
public enum Split {
    @JsonProperty("train")
    TRAIN,
    @JsonProperty("validation")
    VALIDATION,
    @JsonProperty("eval")
    EVAL;

    /** Where its pictures lie in a data folder, as EEG-VLM published the names. */
    public String pictureFolder() {
        return this == EVAL ? "eeg_images_eval" : "eeg_images_ft";
    }
}
