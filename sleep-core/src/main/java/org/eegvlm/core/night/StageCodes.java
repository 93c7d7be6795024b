package org.eegvlm.core.night;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eegvlm.core.ScoredStage;

/** How a hypnogram writes stages as numbers. */
public enum StageCodes {

    /**
     * The DREAMS databases (Devuyst et al. 2005): 5 = W, 4 = REM, 3 = S1, 2 = S2, 1 = S3, 0 = S4, −1 = movement, less =
     * unknown.
     */
    @JsonProperty("dreams")
    DREAMS("0 to 5, or negative where nobody scored") {
        @Override
        ScoredStage stage(int code) {
            return switch (code) {
                case 5 -> ScoredStage.WAKE;
                case 4 -> ScoredStage.REM;
                case 3 -> ScoredStage.N1;
                case 2 -> ScoredStage.N2;
                case 1 -> ScoredStage.N3;
                case 0 -> ScoredStage.N4;
                case -1 -> ScoredStage.MOVEMENT;
                default -> {
                    if (code < 0) {
                        yield ScoredStage.UNSCORED;
                    }
                    throw unknown(code);
                }
            };
        }
    },

    /**
     * The hypnogram signal of EDF files (Kemp), and Compumedics Profusion and the NSRR: 0 = W, 1 to 4 = S1 to S4, 5 =
     * REM, 6 = movement, 9 = unscored.
     */
    @JsonProperty("edf")
    EDF("0 to 6, and 9") {
        @Override
        ScoredStage stage(int code) {
            return switch (code) {
                case 0 -> ScoredStage.WAKE;
                case 1 -> ScoredStage.N1;
                case 2 -> ScoredStage.N2;
                case 3 -> ScoredStage.N3;
                case 4 -> ScoredStage.N4;
                case 5 -> ScoredStage.REM;
                case 6 -> ScoredStage.MOVEMENT;
                case 9 -> ScoredStage.UNSCORED;
                default -> throw unknown(code);
            };
        }
    },

    /** YASA and much that is scored by the AASM's manual: 0 = W, 1 to 3 = N1 to N3, 4 = REM, −1 = artefact, −2 = unscored. */
    @JsonProperty("aasm")
    AASM("0 to 4, -1 and -2") {
        @Override
        ScoredStage stage(int code) {
            return switch (code) {
                case 0 -> ScoredStage.WAKE;
                case 1 -> ScoredStage.N1;
                case 2 -> ScoredStage.N2;
                case 3 -> ScoredStage.N3;
                case 4 -> ScoredStage.REM;
                case -1 -> ScoredStage.MOVEMENT;
                case -2 -> ScoredStage.UNSCORED;
                default -> throw unknown(code);
            };
        }
    };

    private final String known;

    StageCodes(String known) {
        this.known = known;
    }

    /**
     * What a code means.
     *
     * @throws IllegalArgumentException if it means nothing
     */
    abstract ScoredStage stage(int code);

    IllegalArgumentException unknown(int code) {
        return new IllegalArgumentException("unknown stage code %d; known are: %s".formatted(code, known));
    }
}
