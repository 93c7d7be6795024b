package org.eegvlm.core;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/**
 * What a scorer may say of an epoch: the stages of Rechtschaffen and Kales 1968, of which the AASM's manual keeps five,
 * and that there is none.
 *
 * <p>{@link #N3} is the AASM's N3 or Rechtschaffen and Kales' stage 3; {@link #N4} is their stage 4, which the AASM counts
 * as N3.
 */
public enum ScoredStage {
    WAKE("Wake", Optional.of(SleepStage.WAKE)),
    N1("N1", Optional.of(SleepStage.N1)),
    N2("N2", Optional.of(SleepStage.N2)),
    N3("N3", Optional.of(SleepStage.N3)),
    N4("N4", Optional.of(SleepStage.N3)),
    REM("REM", Optional.of(SleepStage.REM)),
    MOVEMENT("Movement", Optional.empty()),
    UNSCORED("?", Optional.empty());

    private final String label;
    private final Optional<SleepStage> stage;

    ScoredStage(String label, Optional<SleepStage> stage) {
        this.label = label;
        this.stage = stage;
    }

    /** The same stage in these words. */
    public static ScoredStage of(SleepStage stage) {
        return switch (stage) {
            case WAKE -> WAKE;
            case N1 -> N1;
            case N2 -> N2;
            case N3 -> N3;
            case REM -> REM;
        };
    }

    /** The word for it in files and reports. */
    @JsonValue
    public String label() {
        return label;
    }

    /** The stage by the AASM's manual; nothing where there is none. */
    public Optional<SleepStage> stage() {
        return stage;
    }

    /** Whether it is a stage of sleep. */
    public boolean isSleep() {
        return stage.isPresent() && this != WAKE;
    }

    /** This by the AASM's five stages: N4 becomes N3. */
    public ScoredStage aasm() {
        return this == N4 ? N3 : this;
    }
}
