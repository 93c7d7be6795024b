package org.eegvlm.core.night;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import org.eegvlm.core.SleepStage;

/** How a hypnogram writes stages as numbers. */
public enum StageCodes {

    /** The DREAMS databases (Devuyst et al. 2005): 5 = W, 4 = REM, 3 = S1, 2 = S2, 1 = S3, 0 = S4, negative = unknown. */
    @JsonProperty("dreams")
    DREAMS {
        @Override
        Optional<SleepStage> stage(int code) {
            return switch (code) {
                case 5 -> Optional.of(SleepStage.WAKE);
                case 4 -> Optional.of(SleepStage.REM);
                case 3 -> Optional.of(SleepStage.N1);
                case 2 -> Optional.of(SleepStage.N2);
                case 0, 1 -> Optional.of(SleepStage.N3);
                default -> {
                    if (code < 0) {
                        yield Optional.empty();
                    }
                    throw unknown(code, "0 to 5, or negative where nobody scored");
                }
            };
        }
    },

    /** The hypnogram signal of EDF files (Kemp): 0 = W, 1 to 4 = S1 to S4, 5 = REM, 6 = movement, 9 = unscored. */
    @JsonProperty("edf")
    EDF {
        @Override
        Optional<SleepStage> stage(int code) {
            return switch (code) {
                case 0 -> Optional.of(SleepStage.WAKE);
                case 1 -> Optional.of(SleepStage.N1);
                case 2 -> Optional.of(SleepStage.N2);
                case 3, 4 -> Optional.of(SleepStage.N3);
                case 5 -> Optional.of(SleepStage.REM);
                case 6, 9 -> Optional.empty();
                default -> throw unknown(code, "0 to 6, and 9");
            };
        }
    };

    /**
     * The stage, or nothing where the scorer gave none.
     *
     * @throws IllegalArgumentException if the code has no meaning
     */
    abstract Optional<SleepStage> stage(int code);

    IllegalArgumentException unknown(int code, String known) {
        return new IllegalArgumentException("unknown stage code %d; known are: %s".formatted(code, known));
    }
}
