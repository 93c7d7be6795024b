package org.eegvlm.core.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a subject's epochs are for. A subject belongs to one split only. */
public enum Split {
    @JsonProperty("train")
    TRAIN,
    @JsonProperty("validation")
    VALIDATION,
    @JsonProperty("eval")
    EVAL
}
