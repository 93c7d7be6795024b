package org.eegvlm.core.baseline;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which baseline answers. */
public enum BaselineMethod {
    MAJORITY,
    BANDPOWER;

    /** The word for it on the command line, and its model id: {@code majority}, {@code bandpower}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
