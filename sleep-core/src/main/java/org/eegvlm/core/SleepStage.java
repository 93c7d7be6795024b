package org.eegvlm.core;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The five stages of the AASM scoring manual, in the order in which every table and vector of this project lists them. */
public enum SleepStage {
    WAKE("Wake"),
    N1("N1"),
    N2("N2"),
    N3("N3"),
    REM("REM");

    private final String label;

    SleepStage(String label) {
        this.label = label;
    }

    /** The word for this stage in prompts, answers, data files and reports. */
    @JsonValue
    public String label() {
        return label;
    }

    /** The stage with the given label, as {@link #label()} spells it. */
    public static Optional<SleepStage> fromLabel(String label) {
        return Arrays.stream(values())
                .filter(stage -> stage.label.equals(label))
                .findFirst();
    }

    /** All labels, for messages: {@code Wake, N1, N2, N3, REM}. */
    public static String labels() {
        return Arrays.stream(values()).map(SleepStage::label).collect(Collectors.joining(", "));
    }
}
